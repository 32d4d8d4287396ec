/** Places for workflows that run side by side: who waits leaves his to others, and time may pass once nobody is at work. */

export type Places = {
  /** Begins one piece of work after the other, as long as there are places and `next` gives some; ends when all is done. */
  fill(next: () => (() => Promise<void>) | undefined): Promise<void>;
  /** Leaves a place to others until something has come about, and takes one again. */
  leaveFor<Result>(work: Promise<Result>): Promise<Result>;
};

/** So many are begun at most and wait. */
const mostAway = 100;

/**
 * `count` are at work at the same time. With one place they come one after the other: none is begun while another waits.
 * `whenIdle`: nobody is at work, and those who are begun all wait.
 */
export function createPlaces(count: number, whenIdle: () => Promise<void>): Places {
  const most = count === 1 ? 1 : mostAway;
  const returning: (() => void)[] = [];
  let next: () => (() => Promise<void>) | undefined = () => undefined;
  let over = (): void => {};
  let failed = (_: unknown): void => {};
  let busy = 0;
  let away = 0;

  const settle = (): void => {
    while (busy < count) {
      const back = returning.shift();
      const work = back === undefined && away < most ? next() : undefined;
      if (back === undefined && work === undefined) break;
      busy += 1;
      back?.();
      work?.().then(leave, failed);
    }
    if (busy > 0) return;
    if (away === 0) over();
    else whenIdle().catch(failed);
  };
  const leave = (): void => {
    busy -= 1;
    settle();
  };

  return {
    fill: (more) =>
      new Promise((resolve, reject) => {
        [next, over, failed] = [more, resolve, reject];
        settle();
      }),
    async leaveFor(work) {
      away += 1;
      leave();
      try {
        return await work;
      } finally {
        away -= 1;
        await new Promise<void>((resolve) => {
          returning.push(resolve);
          settle();
        });
      }
    },
  };
}
