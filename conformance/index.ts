/** counterfoil/conformance: a server, compared with its contract. */

export { appTarget, httpTarget, type Outcome, type Target } from './target.js';
