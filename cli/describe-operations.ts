/** Operations and security schemes in the ledger: calls, answers, and the state rules in plain words. */

import { code } from '../openapi/describe/describe-value.js';
import type {
  OperationDescription,
  ResponseDescription,
  RuleDescription,
  SchemeDescription,
} from '../openapi/describe/description.js';
import { basisSentence, basisText, inferredNote, mark } from './describe-basis.js';
import { demoted, inline, paragraphs, plain, sentences, table } from './markdown.js';

/** The heading of an operation. */
export function operationHeading({ id, method, path }: OperationDescription): string {
  return id === `${method} ${path}` ? id : `${id}: ${method} ${path}`;
}

/** Everything about an operation. */
export function operationText(operation: OperationDescription): string {
  const { security, parameters, requestBody, responses, rules, sources } = operation;
  const credentials = security.map((names) => names.map((name) => code(name)).join(' and '));
  return paragraphs([
    `### ${plain(operationHeading(operation))}`,
    operation.deprecated ? 'Deprecated.' : undefined,
    operation.summary,
    operation.description === undefined ? undefined : demoted(operation.description),
    `Rests on: ${basisText(operation.basis, sources)}`,
    `Credential: ${credentials.length === 0 ? 'none' : credentials.map((each) => each || 'none').join(' or ')}.`,
    parameters.length === 0
      ? undefined
      : table(
          ['parameter', 'in', 'required', 'what it is', 'rests on'],
          parameters.map(({ name, in: where, required, description, basis }) => [
            code(name),
            where,
            required ? 'yes' : 'no',
            description ?? '',
            basisText(basis, []),
          ]),
        ),
    requestBody === undefined
      ? undefined
      : `Content: ${requestBody.mediaTypes.map(code).join(', ')}${requestBody.required ? '' : ' (optional)'}${inferredNote(requestBody.basis)}`,
    requestBody === undefined || requestBody.examples.length === 0
      ? undefined
      : table(
          ['request sample', 'what it is', 'rests on'],
          requestBody.examples.map(({ name, summary, description, repaired, basis }) => [
            code(name),
            exampleWords(summary, description, repaired),
            basisText(basis, []),
          ]),
        ),
    responses.length === 0 ? undefined : responsesText(responses),
    rules.length === 0 ? 'There are no state rules for it.' : rulesText(rules),
  ]);
}

function responsesText(responses: readonly ResponseDescription[]): string {
  const rows = responses.flatMap((response) => {
    const own = response.examples.length === 0;
    return [
      [
        `**${response.status}**${mark(response.basis)}`,
        response.mediaTypes.length === 0 ? 'no content' : response.mediaTypes.map(code).join(', '),
        response.description,
        basisText(response.basis, response.sources),
        own ? reachedText(response.reached) : '',
      ],
      ...response.examples.map((example) => [
        '',
        `${code(example.name)}${mark(example.basis)}`,
        exampleWords(example.summary, example.description, example.repaired),
        basisText(example.basis, []),
        example.reached === undefined ? '' : reachedText(example.reached),
      ]),
    ];
  });
  return table(['answer', 'example', 'what it is', 'rests on', 'what leads to it'], rows);
}

function exampleWords(
  summary: string | undefined,
  description: string | undefined,
  repaired: string | undefined,
): string {
  return sentences([summary, description, repaired === undefined ? undefined : `Repaired: ${repaired}`]);
}

function reachedText(reached: ResponseDescription['reached']): string {
  switch (reached.kind) {
    case 'rules':
      return reached.rules.map((rule) => `*${plain(rule)}*`).join(', ');
    case 'situation':
      return reached.situation;
    case 'nothing':
      return `nothing but \`Prefer\`${reached.reason === undefined ? '; no reason is given' : `: ${reached.reason}`}`;
  }
}

function rulesText(rules: readonly RuleDescription[]): string {
  const lines = rules.map((rule, index) => {
    const { name, description, alternative, unspecified, basis } = rule;
    const remarks = sentences([
      description,
      alternative ? 'The contract leaves it open: this may be answered instead of what applies.' : undefined,
      unspecified
        ? 'The documentation is silent here: this is what the mock does, and no answer of a server is wrong but a server error.'
        : undefined,
      basisSentence(basis),
    ]);
    return `${index + 1}. **${plain(name)}.** ${inline(remarks)}\n${ruleLines(rule, index === 0).join('\n')}`;
  });
  return `State rules; the first whose conditions all hold is the one that applies.\n\n${lines.join('\n')}`;
}

/** The conditions, the answer and the effects of a rule, as the items of a list. */
function ruleLines({ when, named, answer, effects }: RuleDescription, isFirst: boolean): readonly string[] {
  const always = isFirst ? 'Always.' : 'In every other case.';
  const conditions = when.map((condition, index) => `${index === 0 ? 'When' : 'and'} ${condition}`);
  const lines = [
    ...(conditions.length === 0 ? [always] : conditions),
    ...named.map((each) => `Let ${each.replace(/^(\*[^*]+\*) is /, '$1 be ')}.`),
    `${answer.charAt(0).toUpperCase()}${answer.slice(1)}.`,
    ...effects.map((each) => `Then ${each}.`),
  ];
  return lines.map((line) => `   - ${inline(line)}`);
}

/** A security scheme with its rejections. */
export function schemeText(scheme: SchemeDescription): string {
  return paragraphs([
    `### ${plain(scheme.name)}`,
    scheme.description === undefined ? undefined : demoted(scheme.description),
    `Travels in ${scheme.carrier}. ${basisSentence(scheme.basis)}`,
    scheme.rules.length === 0 ? undefined : rulesText(scheme.rules),
  ]);
}
