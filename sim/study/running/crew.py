"""Worker processes isolated from each other: a dead one costs only its task, which is tried again."""

from __future__ import annotations

import atexit
import ctypes
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawValue
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, ParamSpec, TypeVar

TRIES = 3
"""Maximum processes that a task may cost before it fails; the first death may be an accident."""

P = ParamSpec("P")
T = TypeVar("T")


def cores() -> int:
    """Number of cores available to this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class WorkerDied(RuntimeError):
    """Error: every worker process given this task died without an answer."""

    def __init__(self, message: str = f"its worker process died each of {TRIES} times (out of memory?)") -> None:
        super().__init__(message)


class Halt:
    """Flag shared by a process and its workers; once set, they stop after the current history."""

    def __init__(self) -> None:
        self._flag = RawValue(ctypes.c_bool, False)

    def set(self) -> None:
        """Ask all workers to stop."""
        self._flag.value = True

    def is_set(self) -> bool:
        """True if the workers were asked to stop."""
        return bool(self._flag.value)


class Asked(NamedTuple):
    """Function to call in a worker process, with its arguments."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Crew(Executor):
    """A crew of worker processes, each with one task at a time and a thread that waits for it.

    A process that dies is replaced and its task tried again; the other tasks notice nothing. A task that costs
    TRIES processes fails with WorkerDied. `prepare(*args)` is called first in every process; without a context
    the processes start in the platform's usual way.
    """

    def __init__(
        self, count: int, prepare: Callable[..., None], *args: Any, context: BaseContext | None = None
    ) -> None:
        self._context = context
        self._tasks: SimpleQueue[tuple[Future[Any], Asked] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._ended = self._killed = False
        way = context or usual_context()
        with deaf(way):
            self._hands = [_Hand(way, prepare, args) for _ in range(count)]
            self._threads = [threading.Thread(target=self._serve, args=(hand,), daemon=True) for hand in self._hands]
            for thread in self._threads:
                thread.start()
            atexit.register(self.shutdown, cancel_futures=True)

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Submit a module-level function to the next free process."""
        future: Future[T] = Future()
        with self._lock:
            if self._ended:
                raise RuntimeError("these worker processes were already told to end")
            self._tasks.put((future, Asked(function, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let processes end after all tasks, or with `cancel_futures` after tasks already begun."""
        atexit.unregister(self.shutdown)
        with self._lock:
            if cancel_futures:
                self._drop()
            if not self._ended or cancel_futures:
                for _ in self._threads:
                    self._tasks.put(None)
            self._ended = True
        if wait:
            for thread in self._threads:
                thread.join()

    def kill(self) -> None:
        """Kill every process at once; tasks in hand fail with WorkerDied."""
        self._killed = True
        for hand in self._hands:
            hand.process.terminate()

    def _drop(self) -> None:
        with suppress(Empty):
            while True:
                task = self._tasks.get_nowait()
                if task is not None:
                    task[0].cancel()

    def _serve(self, hand: _Hand) -> None:
        """Loop of the thread that serves one process, until told to end."""
        while (task := self._tasks.get()) is not None:
            future, asked = task
            if future.set_running_or_notify_cancel():
                try:
                    result = self._carried_out(hand, asked)
                except BaseException as error:
                    future.set_exception(error)
                else:
                    future.set_result(result)
                    del result
            del task, future, asked
        hand.end()

    def _carried_out(self, hand: _Hand, asked: Asked) -> Any:
        for _ in range(TRIES):
            if self._killed:
                raise WorkerDied("its worker process was ended")
            if not hand.process.is_alive():
                hand.replace(self._context or usual_context())
            try:
                return hand.ask(asked)
            except _Silence:
                hand.process.kill()
                hand.process.join()
        raise WorkerDied


class _Silence(Exception):
    """Error: a process ended without an answer."""


class _Hand:
    """One worker process and its pipe."""

    def __init__(self, context: BaseContext, prepare: Callable[..., None], args: tuple[Any, ...]) -> None:
        self._prepare, self._args = prepare, args
        self.link, self.process = self._started(context)

    def _started(self, context: BaseContext) -> tuple[Connection, BaseProcess]:
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._prepare, self._args))  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        return ours, process

    def replace(self, context: BaseContext) -> None:
        """Start a process in place of one that died."""
        self.link.close()
        with deaf(context):
            self.link, self.process = self._started(context)

    def ask(self, asked: Asked) -> Any:
        """Result or error of the function called in the process. Raises _Silence if the process dies."""
        try:
            self.link.send(asked)
            result, error = self.link.recv()
        except (EOFError, OSError):
            raise _Silence from None
        if error is not None:
            raise error
        return result

    def end(self) -> None:
        """Tell the process that no work remains, and wait for its end."""
        with suppress(OSError):
            self.link.send(None)
        self.process.join()
        self.link.close()


def _work(link: Connection, prepare: Callable[..., None], args: tuple[Any, ...]) -> None:
    """Loop of a worker process: one task after another until there is none; its parent handles Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    prepare(*args)
    with suppress(EOFError):
        while (asked := link.recv()) is not None:
            answer = _answered(asked)
            try:
                link.send(answer)
            except (AttributeError, TypeError, ValueError) as error:
                link.send((None, RuntimeError(f"what a worker found cannot be handed back: {error}")))


def _end_with_parent() -> None:
    """End this process when its parent is gone, however that ended, as nobody waits for results."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.join,), daemon=True).start()


def _follow(gone: Callable[[], None]) -> None:
    gone()
    os._exit(1)


def _answered(asked: Asked) -> tuple[Any, BaseException | None]:
    try:
        return asked.function(*asked.args, **asked.kwargs), None
    except BaseException as error:
        error.add_note(f"In a worker process:\n{traceback.format_exc()}")
        return None, error


def usual_context() -> BaseContext:
    """Usual multiprocessing context of the platform, but never a fork of a process with threads."""
    usual = multiprocessing.get_context()
    if usual.get_start_method() != "fork" or threading.active_count() == 1:
        return usual
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["sim.study.running.worker"])
    return server


@contextmanager
def deaf(context: BaseContext) -> Iterator[None]:
    """Ignore Ctrl-C in processes started meanwhile; the parent handles it for them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    if context.get_start_method() != "fork":
        resource_tracker.ensure_running()  # Its own start would let Ctrl-C through again.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
