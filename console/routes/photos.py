"""Photos of what was done, for staff only; their names cannot be guessed."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from community.core.staff import Staff
from community.services.ports import UnitOfWork
from console.access import staff_only
from console.desk import desk_of


@staff_only
async def show_photo(request: Request, _uow: UnitOfWork, _staff: Staff) -> Response:
    return FileResponse(desk_of(request).photos.path(request.path_params["photo"]))


routes = [Route("/photos/{photo}", show_photo, methods=["GET"], name="photo")]
