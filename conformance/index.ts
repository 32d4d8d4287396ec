/** counterfoil/conformance: a server, compared with its contract. */

export { applyBaseline, type Baseline, baselineText, readBaseline } from './baseline.js';
export type { Check, CheckSettings, Deviation, Exchange } from './check.js';
export { checks } from './checks/index.js';
export { compare } from './compare/compare.js';
export type { CompareEvent, CompareFinished, Parting, PartingStep } from './compare/event.js';
export type { CompareOptions } from './compare/plan.js';
export type { Side } from './compare/side.js';
export { type CheckLevel, type Config, defineConfig } from './config.js';
export type * from './event.js';
export {
  environmentInputs,
  firstOf,
  freshInputs,
  givenInputs,
  type InputAnswer,
  type InputAsk,
  type InputSource,
} from './input/input.js';
export { mockInputs } from './input/mock-inputs.js';
export { type MockClock, mockClock } from './mock-clock.js';
export { type Abilities, mockAbilities } from './mock-target.js';
export type { CheckOptions } from './options.js';
export { createRedactor, type Redactor } from './redact/redact.js';
export { reports, type TerminalOptions } from './report/index.js';
export { check, planOf } from './run.js';
export { registerChecks, type SuiteOptions, type TestContext, type TestRunner } from './suite.js';
export {
  appTarget,
  type Failure,
  type Fault,
  type HttpTarget,
  type HttpTargetOptions,
  httpTarget,
  type Outcome,
  type Target,
} from './target.js';
