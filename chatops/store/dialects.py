"""What one of the two databases has and the other cannot: for `info` of an index, beside its `ddl_if`.

SQLite keeps any column in an index, so that nothing has to be fetched. PostgreSQL keeps none of JSON, nor long ones.
"""

from typing import Any

ONLY_ON = "only_on"
ON_SQLITE: dict[Any, Any] = {ONLY_ON: "sqlite"}
ON_POSTGRESQL: dict[Any, Any] = {ONLY_ON: "postgresql"}
