/** The checks, in order of precedence: what an exchange shows is told by the most specific cause first. */

import type { Check } from '../check.js';
import { challengePresent } from './challenge-present.js';
import { contentTypeConformance } from './content-type-conformance.js';
import { credentialsNotCached } from './credentials-not-cached.js';
import { documentedExample } from './documented-example.js';
import { errorLeak } from './error-leak.js';
import { headMirrorsGet } from './head-mirrors-get.js';
import { ignoredAuthentication } from './ignored-authentication.js';
import { jsonWellFormed } from './json-well-formed.js';
import { messageFraming } from './message-framing.js';
import { negativeDataRejection } from './negative-data-rejection.js';
import { noContentIsEmpty } from './no-content-is-empty.js';
import { noResponse } from './no-response.js';
import { notAServerError } from './not-a-server-error.js';
import { positiveDataAcceptance } from './positive-data-acceptance.js';
import { responseHeadersConformance } from './response-headers-conformance.js';
import { responseSchemaConformance } from './response-schema-conformance.js';
import { responseTime } from './response-time.js';
import { stability } from './stability.js';
import { stateConformance } from './state-conformance.js';
import { statusCodeConformance } from './status-code-conformance.js';
import { successCriteria } from './success-criteria.js';
import { tokenConformance } from './token-conformance.js';
import { unsupportedMediaType } from './unsupported-media-type.js';
import { unsupportedMethod } from './unsupported-method.js';

export const checks: readonly Check[] = [
  messageFraming,
  noResponse,
  noContentIsEmpty,
  jsonWellFormed,
  errorLeak,
  notAServerError,
  ignoredAuthentication,
  unsupportedMethod,
  unsupportedMediaType,
  negativeDataRejection,
  headMirrorsGet,
  positiveDataAcceptance,
  statusCodeConformance,
  contentTypeConformance,
  responseHeadersConformance,
  responseSchemaConformance,
  tokenConformance,
  credentialsNotCached,
  documentedExample,
  stateConformance,
  challengePresent,
  stability,
  responseTime,
  successCriteria,
];
