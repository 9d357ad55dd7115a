"""Changes that AWS applies in the maintenance window, unless a call has ApplyImmediately."""

import contextvars

WAITING = "_waiting"
_queues = []
_windows = []


class Queue:
    """Puts changes of one API call off."""

    def __init__(self, identifier, find, fields, shown, modify):
        """
        `identifier`: parameter that names the resource. `find`: returns its record. `fields`: takes record and
        parameters, returns the parameters that wait, with their current values. `shown`: shows what waits in
        a record. `modify`: the emulator's function.
        """
        self.identifier = identifier
        self.find = find
        self.fields = fields
        self.shown = shown
        self.modify = modify
        self.waiting = []
        _queues.append(self)

    def call(self, parameters):
        """Returns the response to a call: applies it now, or puts the changes off that AWS puts off."""
        values = {name: value[0] if isinstance(value, list) else value for name, value in parameters.items()}
        record = self.find(values[self.identifier]) if self.identifier in values else None
        if record is None:
            return self.modify(parameters)
        before = dict(record.get(WAITING, {}))
        now = {**values, "ApplyImmediately": "true"}
        if values.get("ApplyImmediately") == "true":
            now = {**now, **before, **values}
            record[WAITING] = {}
        else:
            record[WAITING] = self._put_off(record, values)
            now = {name: value for name, value in now.items() if name not in record[WAITING]}
        self.shown(record)
        answer = self.modify(now)
        if answer[0] >= 400:
            record[WAITING] = before
            self.shown(record)
        self._remember(record, values[self.identifier])
        return answer

    def _put_off(self, record, values):
        waiting = dict(record.get(WAITING, {}))
        for name, current in self.fields(record, values).items():
            if name in values and values[name] != current:
                waiting[name] = values[name]
            elif name in values:
                waiting.pop(name, None)
        return waiting

    def _remember(self, record, identifier):
        self.waiting = [each for each in self.waiting if each[0] is not record]
        if record[WAITING]:
            # The context has the account and the region of the call.
            self.waiting.append((record, identifier, contextvars.copy_context()))

    def apply_all(self):
        """Applies what waits, in all accounts, and returns the resources."""
        due, self.waiting = self.waiting, []
        for _, identifier, context in due:
            context.run(self.call, {self.identifier: identifier, "ApplyImmediately": "true"})
        return [identifier for _, identifier, _ in due]


def pass_window():
    """Applies everything that waits for the maintenance window, and returns the names of the changed resources."""
    applied = [name for queue in _queues for name in queue.apply_all()]
    _windows.append(applied)
    return applied


def windows_passed():
    """Returns the number of maintenance windows that have passed."""
    return len(_windows)
