"""What an endpoint says of itself: `swagger.json`."""

from __future__ import annotations

from typing import Any

_ERROR = {
    "description": "Error",
    "schema": {"type": "object", "properties": {"message": {"type": "string"}}},
}
_ROWS = {"type": "array", "items": {"type": "object"}}


def document(endpoint: str, host: str) -> dict[str, Any]:
    """As the inference server writes it; `host` is without the scheme."""
    name, _, path = host.partition("/")
    return {
        "swagger": "2.0",
        "info": {
            "title": endpoint,
            "description": f"API specification for the Azure Machine Learning endpoint {endpoint}",
            "version": "1.0",
        },
        "host": name,
        "basePath": f"/{path}",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {
            "Bearer": {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "description": "For example: Bearer abc123",
            }
        },
        "paths": {
            "/": {
                "get": {
                    "operationId": "ServiceHealthCheck",
                    "description": "Simple health check endpoint to ensure the service is up",
                    "responses": {"200": {"description": "If service is up and running"}},
                }
            },
            "/score": {
                "post": {
                    "operationId": "RunMLService",
                    "description": "Run web service's model and get the prediction output",
                    "security": [{"Bearer": []}],
                    "parameters": [
                        {
                            "name": "serviceInputPayload",
                            "in": "body",
                            "schema": {"$ref": "#/definitions/ServiceInput"},
                        }
                    ],
                    "responses": {
                        "200": {
                            "description": "The service processed the input correctly",
                            "schema": {"$ref": "#/definitions/ServiceOutput"},
                        },
                        "default": _ERROR,
                    },
                }
            },
        },
        "definitions": {
            "ServiceInput": {
                "type": "object",
                "properties": {"input_data": _ROWS},
                "example": {"input_data": [[1.0, 2.0, 3.0]]},
            },
            "ServiceOutput": {"type": "array", "items": {"type": "number"}, "example": [0.5]},
        },
    }
