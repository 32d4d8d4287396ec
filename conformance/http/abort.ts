/** Signals that stop requests: heard by any number of them at once. */

/** What is stopped by each signal: it is listened to once, however many requests there are. */
const stopping = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `stop` when the signal aborts. Gives what ends the listening. */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal === undefined) return () => {};
  const stops = stopping.get(signal) ?? listen(signal);
  stops.add(stop);
  return () => stops.delete(stop);
}

function listen(signal: AbortSignal): Set<() => void> {
  const stops = new Set<() => void>();
  stopping.set(signal, stops);
  signal.addEventListener(
    'abort',
    () => {
      for (const stop of [...stops]) stop();
      stops.clear();
    },
    { once: true },
  );
  return stops;
}
