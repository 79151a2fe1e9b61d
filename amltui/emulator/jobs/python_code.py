"""What a line of Python would print, and how long it would take: read, never run.

The part of the language that people try a job with: prints, sleeps, loops over a range, an error.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_STEPS = 10_000
"""Statements that are followed at most."""


class _Ended(Exception):
    """The program ends here: with a status, or with an error."""

    def __init__(self, status: int, error: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.error = error


class _Unreadable(Exception):
    """An expression whose value only Python itself would know."""


@dataclass
class Program:
    """What became of a program."""

    said: list[tuple[float, str]] = field(default_factory=list)
    """Seconds after its beginning, and the line."""
    seconds: float = 0.0
    status: int = 0
    error: str | None = None
    """The last line of its traceback."""
    _names: dict[str, Any] = field(default_factory=dict)
    _steps: int = 0

    def run(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self._steps += 1
            if self._steps > MOST_STEPS:
                return
            self._follow(statement)

    def _follow(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Expr(value=ast.Call() as call):
                self._call(call)
            case ast.Raise(exc=raised):
                raise _Ended(1, self._error(raised))
            case ast.Assert(test=test):
                if not self._value_or(test, True):
                    raise _Ended(1, "AssertionError")
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._names[name] = self._value_or(value, None)
            case ast.For(target=ast.Name(id=name), iter=over, body=body):
                for each in self._items(over):
                    self._names[name] = each
                    self.run(body)
                    if self._steps > MOST_STEPS:
                        return
            case ast.If(test=test, body=body, orelse=otherwise):
                self.run(body if self._value_or(test, True) else otherwise)
            case ast.With(body=body) | ast.Try(body=body):
                self.run(body)

    def _call(self, call: ast.Call) -> None:
        name = ast.unparse(call.func).rpartition(".")[2]
        if name == "print":
            text = " ".join(str(self._value_or(each, ast.unparse(each))) for each in call.args)
            self.said += [(self.seconds, line) for line in text.split("\n")]
        elif name == "sleep" and call.args:
            slept = self._value_or(call.args[0], 0.0)
            self.seconds += float(slept) if isinstance(slept, (int, float)) else 0.0
        elif name in {"exit", "_exit", "quit"}:
            status = self._value_or(call.args[0], 1) if call.args else 0
            if isinstance(status, str):
                raise _Ended(1, status)
            raise _Ended(int(status or 0))

    def _error(self, raised: ast.expr | None) -> str:
        if isinstance(raised, ast.Call):
            name = ast.unparse(raised.func)
            told = ", ".join(str(self._value_or(each, ast.unparse(each))) for each in raised.args)
            return f"{name}: {told}" if told else name
        return "RuntimeError" if raised is None else ast.unparse(raised)

    def _items(self, over: ast.expr) -> list[Any]:
        value = self._value_or(over, None)
        return list(value)[:MOST_STEPS] if isinstance(value, (range, list, tuple, str)) else [0]

    def _value_or(self, expression: ast.expr, otherwise: Any) -> Any:
        try:
            return self._value(expression)
        except (_Unreadable, ArithmeticError, TypeError, ValueError):
            return otherwise

    def _value(self, expression: ast.expr) -> Any:
        match expression:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name) if name in self._names:
                return self._names[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._value(operand)
            case ast.BinOp(left=left, op=operator, right=right):
                return _combined(self._value(left), operator, self._value(right))
            case ast.Call(func=ast.Name(id="range"), args=[*bounds]):
                return range(*(int(self._value(each)) for each in bounds))
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [self._value(each) for each in elements]
            case ast.JoinedStr(values=parts):
                return "".join(self._text(part) for part in parts)
        raise _Unreadable

    def _text(self, part: ast.expr) -> str:
        if isinstance(part, ast.FormattedValue):
            return str(self._value(part.value))
        return str(self._value(part))


def read(code: str) -> Program | None:
    """What a program would do; None where it is no Python."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return None
    program = Program()
    try:
        program.run(tree.body)
    except _Ended as end:
        program.status, program.error = end.status, end.error
    return program


def _combined(left: Any, operator: ast.operator, right: Any) -> Any:
    if not all(isinstance(each, (int, float)) for each in (left, right)):
        if isinstance(operator, ast.Add) and type(left) is type(right):
            return left + right
        raise _Unreadable
    for kind, result in _results(left, right):
        if isinstance(operator, kind):
            return result()
    raise _Unreadable


def _results(left: float, right: float) -> Iterator[tuple[type[ast.operator], Any]]:
    yield ast.Add, lambda: left + right
    yield ast.Sub, lambda: left - right
    yield ast.Mult, lambda: left * right
    yield ast.Div, lambda: left / right
    yield ast.FloorDiv, lambda: left // right
    yield ast.Mod, lambda: left % right
