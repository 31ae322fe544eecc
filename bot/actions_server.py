"""Rasa's action endpoint as a route of our own app: same process as the services, token-protected, bounded.

Wire format: https://rasa.com/docs/rasa/pages/action-server-api ; ours differs in one thing: an unexpected error
answers `abort`, on which nlu/channel.py undoes the whole turn, so that it can be tried again.
"""

import hmac
import json
from collections.abc import Iterable

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import Action, ActionExecutionRejection, ActionNotFoundException

log = structlog.get_logger()

MAX_BODY = 8 * 1024 * 1024  # a tracker with thousands of events still fits
_NOTHING: dict[str, list[object]] = {"events": [], "responses": []}


def action_routes(actions: Iterable[Action], token: str) -> APIRouter:
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    router = APIRouter()

    @router.post("/actions/webhook", include_in_schema=False)
    async def run_action(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {token}"):
            return JSONResponse({"error": "token"}, status_code=401)
        if int(request.headers.get("content-length") or MAX_BODY + 1) > MAX_BODY:
            return JSONResponse({"error": "too large"}, status_code=413)
        call = json.loads(await request.body())
        call.setdefault("domain", {})
        return await _execute(executor, call)

    return router


async def _execute(executor: ActionExecutor, call: dict[str, object]) -> Response:
    name = call.get("next_action")
    try:
        result = await executor.run(call)
        return JSONResponse(result.model_dump() if result else _NOTHING)
    except ActionExecutionRejection as rejection:
        return JSONResponse({"action_name": rejection.action_name, "error": rejection.message}, status_code=400)
    except ActionNotFoundException as missing:
        return JSONResponse({"action_name": missing.action_name, "error": missing.message}, status_code=404)
    except Exception as error:  # whatever it was, the resident's turn must be tried again, not half done
        log.error("action.failed", action=name, error=type(error).__name__, exc_info=error)
        return JSONResponse(_NOTHING | {"responses": [{"custom": {"abort": name}}]})
