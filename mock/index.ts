/** counterfoil/mock: a contract as a server that behaves as it says. */

export { createMock, type Mock, type MockOptions, type ServedApi } from './app.js';
export type { MovableClock } from './clock.js';
export type { Decision, LocatedViolation } from './decision.js';
export type { Deliver, Delivered } from './deliver.js';
export type { BoundedLog, CallEntry, InboxMessage, JournalEntry } from './journal.js';
export { controlPrefix } from './mount.js';
export { ListenError, type Listening, type ListenOptions, listen } from './serve.js';
export type { Collections, Store } from './store.js';
