/** One document tried: served by the program itself, and each of its operations called once. */

import { httpTarget } from '../../conformance/target.js';
import { loadContract } from '../../openapi/load.js';
import { type Called, callOperations } from './calls.js';
import { independentSchemas } from './independent-schemas.js';
import { type MockProcess, startMock } from './mock-process.js';
import { readDescription } from './reading.js';

export type Trying = {
  /** The compiled program. */
  readonly main: string;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  /** Milliseconds that the mock may take to start. */
  readonly startPatience: number;
};

export type Tried = Called & {
  readonly served: boolean;
  /** Why it is not served. */
  readonly why: string | undefined;
  /** Seconds from spawn to the first answer. */
  readonly seconds: number | undefined;
  /** Bytes of memory, the most until the first answer and the most at all. */
  readonly startMemory: number | undefined;
  readonly peakMemory: number | undefined;
};

/** What there is of a document that nothing is known of. */
export const untried: Tried = {
  served: false,
  why: undefined,
  seconds: undefined,
  startMemory: undefined,
  peakMemory: undefined,
  tried: 0,
  valid: 0,
  successes: 0,
  unchecked: [],
  failing: [],
};

/** Who gives up waiting for the end wants to know what there is so far, and what is being done. */
export type Listener = { readonly tell: (sofar: Tried) => void; readonly at: (what: string) => void };

/** So often, in milliseconds, a listener is told what there is. */
const often = 500;

/** Tries a document. */
export async function tried(file: string, trying: Trying, listener: Listener): Promise<Tried> {
  const { at } = listener;
  at('starting the mock');
  const start = await startMock(trying.main, file, trying.startPatience);
  if (start.kind === 'failed') {
    at('reading the document');
    return { ...untried, why: start.why, tried: readDescription(file).operations.length };
  }
  try {
    return await triedOn(start.mock, file, trying, listener);
  } finally {
    start.mock.stop();
  }
}

async function triedOn(
  mock: MockProcess,
  file: string,
  trying: Trying,
  { tell, at }: Listener,
): Promise<Tried> {
  const begun = { ...untried, served: true, seconds: mock.seconds, startMemory: mock.peak() };
  tell(begun);
  at('reading the document');
  const description = readDescription(file);
  tell({ ...begun, tried: description.operations.length });
  at('loading the contract to make requests of');
  const contract = await loadContract(file, { inferredRules: false });
  at('reading the schemas');
  const schemas = independentSchemas(description);
  const target = httpTarget(mock.url, { timeout: trying.patience });
  let told = performance.now();
  const next = (operation: string, sofar: Called): void => {
    at(operation);
    if (performance.now() - told < often) return;
    tell({ ...begun, ...sofar, peakMemory: mock.peak() });
    told = performance.now();
  };
  try {
    const called = await callOperations({ description, contract, schemas, target, ended: mock.ended, next });
    return { ...begun, ...called, peakMemory: mock.peak() };
  } finally {
    await target.close();
    schemas.close();
  }
}
