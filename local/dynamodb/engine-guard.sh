#!/bin/sh
# Runs a command and kills it as soon as standard input ends. The parent holds the other end of that pipe, which the kernel closes however the
# parent ends: by itself, by a crash or by kill -9. The watcher is a process of its own, so killing this shell does not let the command go on.
exec 3<&0
"$@" </dev/null 3<&- &
engine=$!
{
  cat <&3
  kill -9 "$engine"
} >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$engine"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
