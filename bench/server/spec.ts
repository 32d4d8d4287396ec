/** What a measured server is, as it is told to its process. */

/** The contract that a mock serves. */
type MockContract =
  | { readonly kind: 'shipped'; readonly names: readonly string[] }
  /** A document that the benchmark has made. */
  | { readonly kind: 'file'; readonly file: string };

export type ServerSpec =
  | { readonly kind: 'floor'; readonly floor: 'node:http' | 'hono' | 'validating' }
  | {
      readonly kind: 'mock';
      readonly contract: MockContract;
      readonly cors?: boolean;
      readonly journalLimit?: number;
      /** Seconds before each answer. */
      readonly delay?: number;
    }
  /** An answer that is there already, after so many milliseconds. */
  | { readonly kind: 'trivial'; readonly milliseconds: number };

/** The shipped contracts, as a plain start of the mock serves them. */
export const everyShipped: ServerSpec = {
  kind: 'mock',
  contract: { kind: 'shipped', names: ['matar', 'xerial'] },
};

/** What a server process is asked besides its usage. */
export type ServerOrder = {
  /** The mock of Matar is to have so many live sessions and no others; the first of the tokens is revoked. */
  readonly kind: 'sessions';
  readonly count: number;
};
