"""What people see of files: lost uploads, links in the chat, and the pages behind links."""

from screens.files.archives import (
    archive_file_name,
    archive_not_sent,
    archive_part,
    archive_sent,
)
from screens.files.links import link_created, link_refused, link_revoked
from screens.files.pages import file_list, link_trouble
from screens.files.uploads import upload_lost, upload_not_sent

__all__ = [
    "archive_file_name",
    "archive_not_sent",
    "archive_part",
    "archive_sent",
    "file_list",
    "link_created",
    "link_refused",
    "link_revoked",
    "link_trouble",
    "upload_lost",
    "upload_not_sent",
]
