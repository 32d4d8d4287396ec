/** A meeting of two who do the same at the same time: neither goes on before the other has come as far. */

/** Which of the two servers. */
export type SideName = 'A' | 'B';

export type Meeting = {
  /**
   * Waits until both have come to the same point, and settles once, by what both bring, what it means to them. Undefined
   * when the other has left, or has come to another point.
   */
  meet<Brought, Settled>(
    side: SideName,
    point: string,
    brought: Brought,
    settle: (a: Brought, b: Brought) => Settled | Promise<Settled>,
  ): Promise<Settled | undefined>;
  /** Says that a side does not come any more. */
  leave(side: SideName): void;
};

type Waiting = {
  readonly side: SideName;
  readonly point: string;
  readonly brought: unknown;
  readonly go: (settled: unknown) => void;
};

export function createMeeting(): Meeting {
  let waiting: Waiting | undefined;
  let isOver = false;
  const part = (): void => {
    isOver = true;
    waiting?.go(undefined);
    waiting = undefined;
  };
  return {
    async meet<Brought, Settled>(
      side: SideName,
      point: string,
      brought: Brought,
      settle: (a: Brought, b: Brought) => Settled | Promise<Settled>,
    ): Promise<Settled | undefined> {
      if (isOver) return undefined;
      const other = waiting;
      if (other === undefined) {
        return new Promise<Settled | undefined>((resolve) => {
          waiting = { side, point, brought, go: (settled) => resolve(settled as Settled | undefined) };
        });
      }
      waiting = undefined;
      if (other.point !== point) {
        other.go(undefined);
        part();
        return undefined;
      }
      const theirs = other.brought as Brought; // who comes to the same point brings the same kind of thing
      let settled: Settled | undefined;
      try {
        settled = await (side === 'A' ? settle(brought, theirs) : settle(theirs, brought));
      } finally {
        other.go(settled); // whatever happens, nobody is left waiting
      }
      return settled;
    },
    leave: part,
  };
}
