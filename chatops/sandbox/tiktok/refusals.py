"""What TikTok Shop answers when it says no: codes, HTTP statuses, wording that clients key on."""

INVALID_CREDENTIALS = 36009004  # one number for many causes; only the wording tells them apart
ACCESS_TOKEN_EXPIRED = 105002
SCOPE_MISSING = 105005
WRONG_SHOP = 101000
BAD_SIGN = 106001
CIPHER_MISSING = 106013
TOO_MANY_REQUESTS = 36009002
INTERNAL = 36009003
UNKNOWN_PATH = 36009009
WRONG_METHOD = 36009010
UNKNOWN_VERSION = 36009014
FILE_TOO_LARGE = 36009021
BAD_CONTENT_TYPE = 36009022
BAD_BODY = 36009023
SHOP_INACTIVE = 36009043
BAD_AUTH_CODE = 36004004

NOT_FOUND = 45101003
QUOTA_REACHED = 45101004
SENSITIVE = 45101006
NO_ACCESS = 45102007
NOT_CONTACTABLE = 45109003

# HTTP statuses; codes that are not here take the one of business errors. Several are community knowledge.
STATUSES = {
    INVALID_CREDENTIALS: 400,
    ACCESS_TOKEN_EXPIRED: 401,
    SCOPE_MISSING: 403,
    WRONG_SHOP: 401,
    BAD_SIGN: 401,
    CIPHER_MISSING: 400,
    TOO_MANY_REQUESTS: 429,
    INTERNAL: 500,
    UNKNOWN_PATH: 404,
    WRONG_METHOD: 405,
    UNKNOWN_VERSION: 400,
    FILE_TOO_LARGE: 400,
    BAD_CONTENT_TYPE: 400,
    BAD_BODY: 400,
    SHOP_INACTIVE: 401,
}

MESSAGES = {
    ACCESS_TOKEN_EXPIRED: "Expired credentials. The `access_token` or `x-tts-access-token` header has expired.",
    SCOPE_MISSING: "Access denied. The granted access scopes do not contain the required access scope.",
    WRONG_SHOP: "Invalid query or header. The `shop_cipher` does not fit the `x-tts-access-token` header.",
    BAD_SIGN: "Invalid credentials. The 'sign' query parameter is invalid.",
    CIPHER_MISSING: "Missing identifier. The `shop_cipher` query parameter is required to identify the target shop.",
    TOO_MANY_REQUESTS: "Too many requests. You've made too many requests in a short period of time.",
    INTERNAL: "Internal error. Please try again.",
    UNKNOWN_PATH: "Invalid path.",
    WRONG_METHOD: "Invalid method. The HTTP method used is not supported by this endpoint.",
    UNKNOWN_VERSION: "Invalid API version.",
    FILE_TOO_LARGE: "The uploaded file is too large.",
    BAD_CONTENT_TYPE: "Invalid content type.",
    BAD_BODY: "Invalid body format.",
    SHOP_INACTIVE: "The shop is inactive.",
    BAD_AUTH_CODE: "The auth_code is invalid, used or expired.",
    NOT_FOUND: "Record not found.",
    QUOTA_REACHED: "The daily quota of requests is reached.",
    SENSITIVE: "The message contains sensitive content.",
    NO_ACCESS: "No permission to access the conversation.",
    NOT_CONTACTABLE: "The criteria to open the conversation are not met.",
}


class RefusalError(Exception):
    """The platform's no; `status` overrides the HTTP status that `code` usually has."""

    def __init__(
        self, code: int, message: str = "", *, status: int | None = None, retry_after: int | None = None
    ) -> None:
        self.code = code
        self.message = message or MESSAGES.get(code, "Error.")
        self.status = status
        self.retry_after = retry_after
        super().__init__(f"{code} {self.message}")
