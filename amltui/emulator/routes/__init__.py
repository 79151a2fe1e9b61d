"""The operations of the service: a module for each noun, with its `ROUTES` at the end.

A new route is written by looking at one that is like it: `private_endpoints` keeps what clients put
as it is, `marketplace_subscriptions` takes a while over it, `assets` and `batch_endpoints` are
declared as one kind of several (`assets.kinds`, `endpoints.kind`).

1.  A handler takes the `Call` and returns Starlette's response. `call.workspace`, `call.registry`
    and `call.subscription` are what the path names, or a 404; `call.params` has its other names,
    `call.query` the query by lower-case name. It asks `call.now` for the time, never a clock, and
    nothing ticks: what time does to a record is worked out when the record is asked for.
2.  The body is `await call.body()`, read with the functions of `http.asked`: what has another type
    than it must have is a 400 by itself. What else cannot be done is raised:
    `raise call.refused(404, "There is no such thing.", "NotFound", code="NotFound")`.
3.  What clients change is a `Resource` (a job: a record of `call.history`), kept by
    `call.world.resources.put` and never changed in place: so it is saved for `--state`, and every
    other client of the world sees it. Lists are `paging.listed`, bodies `Resource.body`.
4.  What takes a while has a `Change`, and an operation that `operations.begin` accepts and whose
    headers are `operations.creating` or `following`. Both last as long as `call.fate` says: thus a
    planned fault lets them fail, or hang.
5.  `Route(method, path, handler, operation)`: the path begins with one of `http.route`'s, the
    operation is Azure's operationId, by which faults are planned. `Plane.DATA` needs no
    api-version. The module's `ROUTES` go into `http.table`, before `generic`, which takes what is
    left; then `make readme`.
6.  A test in `tests/emulator` asks it in the `laboratory()`, junk and a second start with the same
    state included. Answers to operations that Azure describes are held against its description
    (`tests/openapi`) without a word in the test.
"""
