"""Lets a file fall onto a window, as a file manager does: the source's side of XDND version 5, through Xlib by ctypes."""

import ctypes
import ctypes.util
import pathlib
import time

CLIENT_MESSAGE, SELECTION_REQUEST, SELECTION_NOTIFY = 33, 30, 31
REPLACE = 0

Window = Atom = Time = ctypes.c_ulong
Pointer = ctypes.c_void_p


class ClientMessage(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", Pointer),
                ("window", Window), ("message_type", Atom), ("format", ctypes.c_int), ("data", ctypes.c_long * 5)]


class SelectionRequest(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", Pointer),
                ("owner", Window), ("requestor", Window), ("selection", Atom), ("target", Atom), ("property", Atom), ("time", Time)]


class SelectionNotify(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", Pointer),
                ("requestor", Window), ("selection", Atom), ("target", Atom), ("property", Atom), ("time", Time)]


class Event(ctypes.Union):
    _fields_ = [("type", ctypes.c_int), ("client", ClientMessage), ("request", SelectionRequest),
                ("notify", SelectionNotify), ("pad", ctypes.c_long * 24)]


def load():
    name = ctypes.util.find_library("X11")
    if name is None:
        return None
    x = ctypes.CDLL(name)
    x.XOpenDisplay.restype, x.XOpenDisplay.argtypes = Pointer, [ctypes.c_char_p]
    x.XDefaultRootWindow.restype, x.XDefaultRootWindow.argtypes = Window, [Pointer]
    x.XInternAtom.restype, x.XInternAtom.argtypes = Atom, [Pointer, ctypes.c_char_p, ctypes.c_int]
    x.XCreateSimpleWindow.restype = Window
    x.XCreateSimpleWindow.argtypes = [Pointer, Window] + [ctypes.c_int] * 2 + [ctypes.c_uint] * 3 + [ctypes.c_ulong] * 2
    x.XSetSelectionOwner.argtypes = [Pointer, Atom, Window, Time]
    x.XSendEvent.argtypes = [Pointer, Window, ctypes.c_int, ctypes.c_long, ctypes.POINTER(Event)]
    x.XNextEvent.argtypes = [Pointer, ctypes.POINTER(Event)]
    x.XChangeProperty.argtypes = [Pointer, Window, Atom, Atom, ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    for function in (x.XPending, x.XFlush, x.XCloseDisplay):
        function.argtypes = [Pointer]
    return x


class Source:
    def __init__(self, x, display, target):
        self.x, self.target = x, target
        self.display = x.XOpenDisplay(display.encode())
        root = x.XDefaultRootWindow(self.display)
        self.window = x.XCreateSimpleWindow(self.display, root, 0, 0, 1, 1, 0, 0, 0)

    def atom(self, name):
        return self.x.XInternAtom(self.display, name.encode(), 0)

    def say(self, name, *data):
        event = Event()
        event.client = ClientMessage(CLIENT_MESSAGE, 0, 1, self.display, self.target, self.atom(name), 32,
                                     (ctypes.c_long * 5)(self.window, *data))
        self.x.XSendEvent(self.display, self.target, 0, 0, ctypes.byref(event))
        self.x.XFlush(self.display)

    def give(self, request, text):
        self.x.XChangeProperty(self.display, request.requestor, request.property, request.target, 8, REPLACE, text, len(text))
        answer = Event()
        answer.notify = SelectionNotify(SELECTION_NOTIFY, 0, 1, self.display, request.requestor, request.selection,
                                        request.target, request.property, request.time)
        self.x.XSendEvent(self.display, request.requestor, 0, 0, ctypes.byref(answer))
        self.x.XFlush(self.display)

    def events(self, timeout):
        end = time.monotonic() + timeout
        event = Event()
        while time.monotonic() < end:
            if self.x.XPending(self.display):
                self.x.XNextEvent(self.display, ctypes.byref(event))
                yield event
            else:
                time.sleep(0.004)  # between two looks

    def drop(self, path, x, y, timeout=10):
        """Returns whether the target took it."""
        uris = (pathlib.Path(path).as_uri() + "\r\n").encode()
        self.x.XSetSelectionOwner(self.display, self.atom("XdndSelection"), self.window, 0)
        self.say("XdndEnter", 5 << 24, self.atom("text/uri-list"), 0, 0)
        self.say("XdndPosition", 0, x << 16 | y, 0, self.atom("XdndActionCopy"))
        for event in self.events(timeout):
            if event.type == CLIENT_MESSAGE and event.client.message_type == self.atom("XdndStatus"):
                if not event.client.data[1] & 1:
                    return False
                self.say("XdndDrop", 0, 0, 0, 0)
            elif event.type == SELECTION_REQUEST:
                self.give(event.request, uris)
            elif event.type == CLIENT_MESSAGE and event.client.message_type == self.atom("XdndFinished"):
                return True
        return False

    def close(self):
        self.x.XCloseDisplay(self.display)


def drop(display, target, path, x=200, y=200):
    """Drops the file onto the window. Returns None where there is no Xlib, else whether it was taken."""
    xlib = load()
    if xlib is None:
        return None
    source = Source(xlib, display, target)
    try:
        return source.drop(path, x, y)
    finally:
        source.close()
