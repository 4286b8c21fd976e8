"""`netralitas trainer`: JupyterLab with Formgrader over the course folder, a server of its own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from netralitas.i18n import _
from netralitas.reading import ContentError
from netralitas.settings import settings
from netralitas.terminal import fail
from netralitas.tickets import DOOR

from .files import write_text

trainer = typer.Typer(
    help=_("Tempat menilai: JupyterLab dan Formgrader untuk pelatih."), invoke_without_command=True
)

EXTENSIONS = {
    **{
        f"nbgrader.server_extensions.{name}": False
        for name in ("formgrader", "validate_assignment", "assignment_list", "course_list")
    },
    "voila.server_extension": False,
    "notebook": False,
    "grader.gradebook.formgrader": True,
}
"""nbgrader's own Formgrader gives way to ours; of the rest learners' and exchange parts are not needed."""
_LANGUAGE = "@jupyterlab/translation-extension/plugin.jupyterlab-settings"


@trainer.callback()
def serve(
    host: Annotated[str, typer.Option(help=_("alamat tempat melayani"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=_("porta; 0: pilih sendiri"))] = 8867,
) -> None:
    """Become JupyterLab with the course ready; nothing of the site's own settings goes with it."""
    from . import gradebook  # noqa: PLC0415  (nbgrader takes a second)

    try:
        course = gradebook.course_dir()
    except (gradebook.GradingError, ContentError) as error:
        fail(str(error), 1)
    given = settings()
    here = course.work / "jupyter"
    speak(here / "settings")
    environment = gradebook.environment(course, os.environ) | folders(here)
    options = {
        "ServerApp.ip": host,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": course.work,
        "ServerApp.identity_provider_class": "grader.door.Trainers",
        "ServerApp.jpserver_extensions": EXTENSIONS,
        "ServerApp.local_hostnames": list(given.hosts),
        "ServerApp.terminals_enabled": False,
        # Addresses with tickets are no matter for a log.
        "ServerApp.log_level": "WARN",
        "Trainers.key_file": given.home / DOOR,
        "Trainers.place": given.trainer,
        "Trainers.secure_cookie": given.https,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
        "LabApp.news_url": None,
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    os.execve(sys.executable, command, environment)  # noqa: S606  (no shell)


def folders(here: Path) -> dict[str, str]:
    """Return where JupyterLab keeps what it keeps: in the course folder, not in somebody's home."""
    return {
        "JUPYTER_RUNTIME_DIR": str(here / "runtime"),
        "JUPYTER_DATA_DIR": str(here / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(here / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(here / "workspaces"),
        "IPYTHONDIR": str(here / "ipython"),
    }


def speak(place: Path) -> None:
    """Set JupyterLab's language to Indonesian, where nobody has chosen one."""
    if not (place / _LANGUAGE).exists():
        write_text(place / _LANGUAGE, json.dumps({"locale": "id_ID"}) + "\n")
