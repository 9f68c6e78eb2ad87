"""Warm kernels: forked, yet in nothing else unlike those that are started the usual way."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbclient
import nbformat
import pytest
from counting import LONG, wait_until
from jupyter_client.client import KernelClient
from nbformat.v4 import new_code_cell, new_notebook

from reportkit.batch.contract import Preload
from reportkit.batch.kernels import host
from reportkit.batch.kernels.host import (
    TEMPLATE,
    Forked,
    NoTemplate,
    StaleTemplate,
    Template,
    fork_kernel,
    short_folder,
)
from reportkit.batch.kernels.manager import SOCKETS, OrdinaryKernelManager, RunKernelManager
from reportkit.batch.kernels.processes import can_fork
from reportkit.batch.notebooks import join_streams

pytestmark = pytest.mark.skipif(not can_fork(), reason="no warm kernels on this system")

WARM = Preload(("numpy", "matplotlib.pyplot"))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    path = short_folder("reportkit-test-")
    yield path
    subprocess.run(["rm", "-rf", str(path)], check=True)


@pytest.fixture(scope="module")
def template(folder: Path) -> Iterator[Template]:
    """One template for the tests that do it no harm."""
    made = Template(folder / "template", WARM, log=folder / "log")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def run_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a worker sets it."""
    monkeypatch.setenv(SOCKETS, str(folder))
    monkeypatch.setenv(TEMPLATE, str(folder / "template"))
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")


def executed(*sources: str, manager: type = RunKernelManager, **options: Any) -> list[list[Any]]:
    """The outputs of cells, run by nbclient as it is."""
    nb = new_notebook(cells=[new_code_cell(source) for source in sources])
    settings = {"kernel_name": "python3", "kernel_manager_class": manager, **options}
    nbclient.NotebookClient(nb, **settings).execute()
    return [cell.outputs for cell in nb.cells]


def text_of(outputs: list[Any]) -> str:
    return "".join(output.get("text", "") for output in outputs)


def alive(number: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return False
    return state[0] not in "ZX"


def wait_until_gone(numbers: list[int]) -> None:
    """Wait until all of the processes have ended."""
    wait_until(lambda: not any(alive(number) for number in numbers))


SAME = (
    "import sys, os, random, numpy\n"
    "print(__name__, sys.argv[0].rpartition('/')[2] != '', os.getcwd() == os.path.realpath('.'))\n"
    "print(sys.path[0], os.environ['MPLBACKEND'])",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()\nprint(plt.get_backend())",
    "plt.plot([3, 4])",
    "from IPython.display import display, HTML\ndisplay(HTML('<b>一</b>'))\n1 + 1",
    "import warnings; warnings.warn('x')\nprint('err', file=sys.stderr)",
    "get_ipython().run_line_magic('who', '')",
    "%time pass",
)


def shape(outputs: list[Any]) -> list[Any]:
    """Outputs without what differs from run to run: figures' ids, times, object addresses.

    A stream comes in as many messages as the kernel's clock makes of it: joined here, as the
    engine joins them.
    """
    return [
        (o.output_type, o.get("name"), sorted(o.get("data", {})),
         "" if "time" in o.get("text", "") or "Time" in o.get("text", "") else
         o.get("text", "").replace(o.get("text", "").split(":")[0], "")
         if "UserWarning" in o.get("text", "") else o.get("text", ""))
        for o in join_streams(outputs)
    ]  # fmt: skip


def test_a_warm_kernel_shows_what_an_ordinary_one_shows(template: Template) -> None:
    """Charts by plt.show() and at a cell's end, displays, warnings, streams, magics."""
    warm = [shape(o) for o in executed(*SAME)]
    ordinary = [shape(o) for o in executed(*SAME, manager=OrdinaryKernelManager)]
    assert warm == ordinary
    assert any("image/png" in data for _, _, data, _ in warm[1])
    assert any("image/png" in data for _, _, data, _ in warm[2])


CELLS = {
    "a chart with a Chinese title": "import matplotlib.pyplot as plt\nplt.title('学习次数')",
    "a chart in a font by name":
        "import matplotlib.pyplot as plt\nplt.title('x', fontname='Noto Sans SC')",
    "a wide frame": "import pandas\npandas.DataFrame([range(40)])",
    "a long frame": "import pandas\npandas.DataFrame({'n': range(99)})",
    "settings": "import matplotlib, pandas, numpy\nprint({k: v for k, v in "
                "matplotlib.rcParams.items() if k != 'backend'}, numpy.get_printoptions())\n"
                "pandas.describe_option('display.max_columns')",
    "fonts": "from matplotlib import font_manager as f\nprint(len(f.fontManager.ttflist))",
    "environment": "import os, sys\nprint(sys.argv[0], os.getcwd(), sys.path, {k: v for k, v in "
                   "sorted(os.environ.items()) if k != 'JPY_PARENT_PID'})",
    "state": "import locale, logging, signal, gc, warnings, sqlite3\nwarnings.warn('x')\n"
             "print(locale.setlocale(locale.LC_ALL), logging.root.handlers, gc.get_threshold(), "
             "signal.getsignal(signal.SIGINT))",
}  # fmt: skip


def told(outputs: list[Any]) -> list[Any]:
    """Outputs in full, pictures too, but for addresses and the numbers of processes."""
    return [
        (o.output_type, o.get("name"), re.sub(r"0x[0-9a-f]+|ipykernel_\d+/\d+", "", str(
            o.get("text", "") or dict(sorted(o.get("data", {}).items())))))
        for o in join_streams(outputs)
    ]  # fmt: skip


def test_every_kind_of_cell_has_one_outcome_in_every_kind_of_kernel(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the template has drawn charts in the fonts of the page, and imported pandas."""
    home = str(Path(__file__).parents[2])
    ready = Preload(("pandas", "matplotlib.pyplot"), "reportkit.circular.preloading:preload",
                    (home, (), False))  # fmt: skip
    made = Template(folder / "other", ready, log=folder / "log")
    monkeypatch.setenv(TEMPLATE, str(made.path))
    try:
        warm = executed("import sys\nprint('reportkit.charts' in sys.modules)", *CELLS.values())
        ordinary = executed("", *CELLS.values(), manager=OrdinaryKernelManager)
    finally:
        made.close()
    assert text_of(warm[0]) == "True\n", "the template was ready"
    for name, one, other in zip(CELLS, warm[1:], ordinary[1:], strict=True):
        assert told(one) == told(other), name


def test_it_is_forked_and_so_at_hand_at_once(template: Template) -> None:
    """Modules are there before the first import; the parent is the template."""
    (outputs,) = executed("import os, sys\nprint('numpy' in sys.modules, os.getppid())")
    there, parent = text_of(outputs).split()
    assert there == "True"
    command = Path(f"/proc/{parent}/cmdline").read_bytes().decode().split("\0")
    assert "reportkit.batch.kernels.template" in command


def test_nothing_is_carried_from_one_kernel_to_the_next(template: Template) -> None:
    """Names, environment, folder, imports, monkeypatches, random numbers, temporary names."""
    spoil = (
        "import os, colorsys\n"
        "left = 1; os.environ['LEFT'] = '1'; os.chdir('/'); colorsys.rgb_to_hsv = None\n"
    )
    look = (
        "import os, colorsys, random, tempfile, numpy\n"
        "spoilt = colorsys.rgb_to_hsv is None\n"
        "print('left' in globals(), 'LEFT' in os.environ, os.getcwd(), spoilt)\n"
        "print(random.random(), numpy.random.rand(), tempfile.mktemp())"
    )
    executed(spoil)
    seen = [text_of(executed(look)[0]).splitlines() for _ in range(2)]
    assert seen[0][0] == seen[1][0] == f"False False {Path.cwd()} False"
    for one, two in zip(seen[0][1].split(), seen[1][1].split(), strict=True):
        assert one != two


def test_environment_folder_and_streams_are_the_request_s(
    template: Template, tmp_path: Path
) -> None:
    """What a kernel is started with counts, not what the template was started with."""
    nb = new_notebook(cells=[new_code_cell("import os; print(os.getcwd(), os.environ['MINE'])")])
    client = nbclient.NotebookClient(
        nb, kernel_name="python3", kernel_manager_class=RunKernelManager
    )
    os.environ["MINE"] = "其"
    try:
        client.execute(cwd=str(tmp_path))
    finally:
        del os.environ["MINE"]
    assert text_of(nb.cells[0].outputs).split() == [str(tmp_path), "其"]


@pytest.mark.parametrize("end", [
    "os._exit(3)", "os.kill(os.getpid(), signal.SIGKILL)", "import ctypes; ctypes.string_at(0)",
])  # fmt: skip
def test_a_kernel_that_dies_is_seen_to_be_dead(template: Template, end: str) -> None:
    """It exits, is killed, or runs into a segmentation fault; the next one is well."""
    with pytest.raises(nbclient.exceptions.DeadKernelError):
        executed(f"import os, signal\n{end}")
    assert text_of(executed("print(1)")[0]) == "1\n"


def test_what_a_kernel_started_ends_with_it(template: Template) -> None:
    """Also a child in a session of its own, and a thread that never ends."""
    (outputs,) = executed(
        "import subprocess, threading, time, os\n"
        "one = subprocess.Popen(['sleep', '300'])\n"
        "two = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        "threading.Thread(target=time.sleep, args=(300,)).start()\n"
        "print(os.getpid(), one.pid, two.pid)"
    )
    numbers = [int(word) for word in text_of(outputs).split()]
    assert len(numbers) == 3
    wait_until_gone(numbers)


def test_an_interrupt_reaches_the_cell(template: Template) -> None:
    """A cell that takes too long is interrupted, and the kernel goes on."""
    outputs = executed(
        "import time\ntime.sleep(60)", "print('on')", timeout=8, interrupt_on_timeout=True,
        allow_errors=True,
    )  # fmt: skip
    assert outputs[0][-1].ename == "KeyboardInterrupt"
    assert text_of(outputs[1]) == "on\n"


def parent_of(number: int) -> int:
    """The process that a process was forked from."""
    status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
    return int(status.split("PPid:")[1].split()[0])


def start() -> tuple[RunKernelManager, int]:
    """A kernel, and its number."""
    manager = RunKernelManager(kernel_name="python3")
    asyncio.run(manager.start_kernel())
    assert isinstance(manager.provisioner.process, Forked)
    return manager, manager.provisioner.process.pid


def test_no_kernel_outlives_its_template(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The template SIGKILLed: its kernels, and what they had started, end; so does its guard."""
    path = folder / "doomed"
    monkeypatch.setenv(TEMPLATE, str(path))
    doomed = Template(path, Preload())
    manager, kernel = start()
    parent = parent_of(kernel)
    os.kill(parent, signal.SIGKILL)
    wait_until_gone([parent, kernel, doomed._process.pid])
    assert not doomed.alive
    assert manager.provisioner.process.poll() == -signal.SIGKILL
    doomed.close()


def test_no_template_outlives_its_guard(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that only watches SIGKILLed: the rest ends too."""
    path = folder / "unguarded"
    monkeypatch.setenv(TEMPLATE, str(path))
    unguarded = Template(path, Preload())
    _, kernel = start()
    parent = parent_of(kernel)
    unguarded._process.kill()
    wait_until_gone([parent, kernel])
    unguarded.close()


ORPHANS = """
import asyncio, os, sys, time
from pathlib import Path
from reportkit.batch.kernels.host import Preload, Template
from reportkit.batch.kernels.manager import RunKernelManager
template = Template(Path(os.environ["REPORTKIT_TEMPLATE"]), Preload())
manager = RunKernelManager(kernel_name="python3")
asyncio.run(manager.start_kernel())
print(manager.provisioner.process.pid, template._process.pid, flush=True)
time.sleep(300)
"""


def test_nothing_outlives_the_process_that_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host SIGKILLed: no kernel, no template, no guard is left."""
    monkeypatch.setenv(TEMPLATE, str(folder / "orphans"))
    run = subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    kernel, guard = map(int, run.stdout.readline().split())
    parent = parent_of(kernel)
    run.kill()
    run.wait()
    run.stdout.close()
    wait_until_gone([kernel, parent, guard])


def test_a_closed_connection_ends_its_kernel(template: Template, folder: Path) -> None:
    """Whoever asked for a kernel and went away has no use for it."""
    manager, kernel = start()
    process = manager.provisioner.process
    process.release()
    wait_until_gone([kernel])
    assert process.poll() == process.wait() == -signal.SIGKILL


def test_a_kernel_let_go_of_closes_nothing_that_is_another_s(template: Template) -> None:
    """Its descriptor's number, given out anew, stays open when the kernel is forgotten."""
    manager, _ = start()
    process = manager.provisioner.process
    number = process._pidfd
    process.release()
    other = os.open(os.devnull, os.O_RDONLY)
    if other != number:
        os.dup2(other, number)
    process.release()
    process.__del__()
    os.fstat(number)
    for opened in {other, number}:
        os.close(opened)


def test_rubbish_on_the_socket_harms_nobody(template: Template) -> None:
    """Nothing, too little, no JSON, a length that is a lie: the template goes on."""
    import socket

    for rubbish in (b"", b"\x00", b"\x00\x00\x00\x02{]", b"\x00\x00\x00\x04null"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(template.path))
            connection.sendall(rubbish)
    assert text_of(executed("print(1)")[0]) == "1\n"
    assert template.alive


def test_a_template_whose_modules_have_changed_is_replaced(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A developer's edit is in the next kernel, as it would be in an ordinary one."""
    module = tmp_path / "edited_module.py"
    module.write_text("value = 1\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.delenv(TEMPLATE)
    preload = Preload(("edited_module",))

    async def ask(fresh: bool) -> Forked:
        path = host.own_template(sys.executable, preload).path
        connection = tmp_path / "c.json"
        arguments = ["-f", str(connection), "--transport=ipc", f"--ip={folder}/e"]
        return await fork_kernel(path, arguments, os.environ, tmp_path, fresh=fresh)

    asyncio.run(ask(True)).kill()
    module.write_text("value = 22\n", encoding="utf-8")
    os.utime(module, ns=(1, 1))
    with pytest.raises(StaleTemplate):
        asyncio.run(ask(True))
    first = host._own[os.getpid(), sys.executable, preload][0]
    assert host.own_template(sys.executable, preload) is not first, "one that is stale is not asked"


def test_without_a_template_an_ordinary_kernel_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens where the template should be: the same result, a little later."""
    from reportkit.batch.kernels import provisioner

    monkeypatch.setattr(provisioner, "_PATIENCE", 0.1)
    monkeypatch.setenv(TEMPLATE, str(folder / "nobody"))
    assert text_of(executed("print(6 * 7)")[0]) == "42\n"
    with pytest.raises(NoTemplate):
        asyncio.run(fork_kernel(folder / "nobody", ["-f", "x"], {}, folder))


def test_where_there_is_no_fork_kernels_are_ordinary(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: the provisioner starts what its base class starts."""
    from reportkit.batch.kernels import provisioner

    monkeypatch.setattr(provisioner, "can_fork", lambda: False)
    (outputs,) = executed("import sys; print('numpy' in sys.modules)")
    assert text_of(outputs) == "False\n"


def test_the_kernelspec_serves_nbclient_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name alone, as JupyterLab would use it: own template, own sockets, nothing left."""
    monkeypatch.delenv(TEMPLATE)
    # A heartbeat's thread at the socket that is being closed makes libzmq abort, with any kernel.
    monkeypatch.setattr(KernelClient, "hb_channel", SimpleNamespace(
        start=lambda: None, stop=lambda: None, is_alive=lambda: False
    ))  # fmt: skip
    nb = new_notebook(cells=[new_code_cell(
        "import sys, os; print('reportkit.circular' in sys.modules, os.getppid())"
    )])  # fmt: skip
    nbclient.NotebookClient(nb, kernel_name="reportkit").execute()
    there, parent = text_of(nb.cells[0].outputs).split()
    assert there == "True"
    assert nb.metadata.language_info.name == "python"
    nbformat.validate(nb)
    assert "kernels.template" in Path(f"/proc/{parent}/cmdline").read_text(encoding="utf-8")


async def answers(count: int) -> list[int]:
    """Starts kernels, eight at a time; the numbers of those that did not say their own."""
    wrong = []

    async def one(number: int) -> None:
        manager = RunKernelManager(kernel_name="python3")
        await manager.start_kernel(extra_arguments=["--HistoryManager.hist_file=:memory:"])
        assert isinstance(manager.provisioner.process, Forked), "no ordinary kernel stood in"
        client = manager.client()
        client.start_channels()
        heard: list[str] = []
        try:
            await client.wait_for_ready(timeout=LONG)
            await client.execute_interactive(
                f"print({number})", timeout=LONG,
                output_hook=lambda message: heard.append(message["content"].get("text", "")),
            )  # fmt: skip
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
        if "".join(heard).strip() != str(number):
            wrong.append(number)

    for begin in range(0, count, 8):
        await asyncio.gather(*(one(number) for number in range(begin, min(begin + 8, count))))
    return wrong


def test_many_at_once_all_answer(template: Template) -> None:
    """Eight at a time: each answers with its own number, and every socket is gone after."""
    folder = Path(os.environ[SOCKETS])
    before = set(folder.iterdir())
    assert asyncio.run(answers(80)) == []
    # What an earlier test's kernel left may go meanwhile: nothing may be new.
    assert set(folder.iterdir()) - before == set()


@pytest.mark.slow
def test_five_thousand_starts_all_answer(template: Template) -> None:
    """A soak: `pytest -m slow tests/batch/test_kernels.py`."""
    assert asyncio.run(answers(5000)) == []
    assert template.alive
