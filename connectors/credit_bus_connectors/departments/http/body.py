"""The body of a request, read up to a bound by whoever reads it itself."""

from starlette.requests import Request

LENGTH_DIGITS_MAX = 18  # of a Content-Length that is looked at


async def body_within(request: Request, bytes_max: int) -> bytes | None:
    """Return the body, or None as soon as it is larger than the bound."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:LENGTH_DIGITS_MAX]) > bytes_max:
        return None
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > bytes_max:
            return None
        parts.append(part)
    return b"".join(parts)
