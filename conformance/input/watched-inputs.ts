/** Inputs on their way to a run: a secret among them is known to whoever masks reports before it is sent. */

import type { Redactor } from '../redact/redact.js';
import { isSecretName } from '../redact/secret-names.js';
import type { InputSource } from './input.js';

/** The same inputs; the redactor is told of those that are secret by their names, or named by the user. */
export function watchedInputs(
  source: InputSource,
  redactor: Redactor,
  named: readonly string[],
): InputSource {
  return async (ask) => {
    const answer = await source(ask);
    const isSecret = isSecretName(ask.name) || named.includes(ask.name);
    if (answer.kind === 'value' && typeof answer.value === 'string' && isSecret)
      redactor.add(answer.value, ask.name);
    return answer;
  };
}
