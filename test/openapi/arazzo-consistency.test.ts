/** What is said about Arazzo documents that are misshapen, or that name what is not there. */

import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadWorkflows } from '../../openapi/arazzo/arazzo.js';
import { ContractError } from '../../openapi/contract-error.js';
import { loadContract } from '../../openapi/load.js';
import { folderOf, head } from './folders.js';

const api = `${head}paths:
  /a/{id}:
    get:
      operationId: getOne
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: one } }
  /b: { post: { responses: { '200': { description: done } } } }
`;

/** Lines 1 to 3 of a document; what a test is about begins in line 4. */
const beginning = `arazzo: 1.0.1
info: { title: T, version: '1' }
sourceDescriptions: [{ name: api, url: openapi.yaml }]
`;

/** A document whose one workflow has these members: they begin in line 6, column 5. */
const workflow = (members: string): string => `${beginning}workflows:
  - workflowId: w
${members.replace(/^(?=.)/gm, '    ')}
`;

const plainSteps = 'steps: [{ stepId: s, operationId: getOne }]';

/** A document whose one step has these members: they begin in line 8, column 9. */
const step = (members: string): string =>
  workflow(`steps:
  - stepId: s
${members.replace(/^(?=.)/gm, '    ')}`);

/** A document whose one step has this criterion: line 9, column 28. */
const criterion = (members: string): string => step(`operationId: getOne\nsuccessCriteria: [${members}]`);

async function complaintsAbout(text: string): Promise<readonly string[]> {
  const folder = await folderOf({ 'openapi.yaml': api, 'w.yaml': text });
  const contract = await loadContract(path.join(folder, 'openapi.yaml'));
  try {
    await loadWorkflows(path.join(folder, 'w.yaml'), contract);
    return [];
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.message.replaceAll(`${folder}/w.yaml:`, '').replaceAll(`${folder}/`, '').split('\n');
  }
}

const expressions =
  'Use $statusCode, $response.body#/…, $response.header.…, $request.…, $inputs.NAME, $steps.ID.outputs.NAME or $workflows.ID.outputs.NAME.';

type Case = readonly [what: string, text: string, complaints: readonly string[]];

const form: readonly Case[] = [
  [
    'a document of nothing but its version',
    'arazzo: 1.0.1',
    [
      '1:1: the document has no "info". Add it.',
      '1:1: the document has no "sourceDescriptions". Add it.',
      '1:1: the document has no "workflows". Add it.',
    ],
  ],
  ['no workflow at all', `${beginning}workflows: []`, ['4:1: "workflows" must not be empty. Correct it.']],
  [
    'several unknown fields',
    workflow(`${plainSteps}\noutput: {}\nsucessActions: []`),
    [
      '7:5: "workflows[0]" has an unknown field "output". Check its spelling, remove it, or begin its name with x-.',
      '8:5: "workflows[0]" has an unknown field "sucessActions". Check its spelling, remove it, or begin its name with x-.',
    ],
  ],
  ['an extension', workflow(`${plainSteps}\nx-anything: 1`), []],
  [
    'an id of two words',
    step('operationId: getOne').replace('stepId: s', 'stepId: my step'),
    ['7:9: "my step" is not a valid name. Use letters, digits, "-" and "_" only.'],
  ],
  [
    'a name of an output with a space',
    step('operationId: getOne\noutputs: { my token: $response.body }'),
    ['9:20: "my token" in "outputs" is not a valid name. Use letters, digits, ".", "-" and "_" only.'],
  ],
  [
    'a wait that is no duration',
    step('operationId: getOne\nx-wait: ten minutes'),
    ['9:9: "ten minutes" is not a duration. Write ISO 8601, for example PT10M.'],
  ],
  [
    'a request sent no times',
    step('operationId: getOne\nx-times: 0'),
    ['9:9: "x-times" must be >= 1. Correct it.'],
  ],
  [
    'an unknown alteration',
    step('operationId: getOne\nx-request: { verb: PUT }'),
    [
      '9:22: "x-request" has an unknown field "verb". Check its spelling, remove it, or begin its name with x-.',
    ],
  ],
  [
    'a method of two words',
    step('operationId: getOne\nx-request: { method: GET IT }'),
    ['9:22: "GET IT" is no method. Write it as it is sent, for example PUT.'],
  ],
  [
    'an inferred workflow without a reason',
    workflow(`${plainSteps}\nx-provenance: inferred`),
    ['5:5: "workflows[0]" is inferred, and no "x-reason" says from what. Add it.'],
  ],
  [
    'a parameter without a value',
    step('operationId: getOne\nparameters: [{ name: id, in: path }]'),
    ['9:22: "parameters[0]" has no "value". Add it.'],
  ],
  [
    'a parameter in the body',
    step('operationId: getOne\nparameters: [{ name: id, in: body, value: 1 }]'),
    ['9:34: "in" must be one of "path", "query", "header", "cookie". Correct it.'],
  ],
  [
    'a success action that tries again',
    step('operationId: getOne\nonSuccess: [{ name: a, type: retry }]'),
    ['9:32: "type" must be "end" or "goto". Correct it.'],
  ],
];

const names: readonly Case[] = [
  [
    'an operation that is not there',
    step('operationId: getOnce'),
    ['8:9: the contract has no operation "getOnce". Add it to the contract, or use one of: getOne.'],
  ],
  [
    'an operation at a path that is not there',
    step("operationPath: '{$sourceDescriptions.api.url}#/paths/~1b/get'"),
    [
      '8:9: the contract has no operation at "/paths/~1b/get". Correct the pointer, or use one of: /paths/~1b/post.',
    ],
  ],
  [
    'an operation path that is none',
    step('operationPath: /paths/~1b/post'),
    [
      `8:9: "/paths/~1b/post" names no operation by its path. Write '{$sourceDescriptions.NAME.url}#/paths/~1x/get'.`,
    ],
  ],
  [
    'an operation of an unknown source',
    step('operationId: $sourceDescriptions.abi.getOne'),
    ['8:9: there is no source description "abi". Correct the name, or use one of: api.'],
  ],
  [
    'a step that calls nothing',
    step('description: nothing'),
    ['7:9: the step "s" calls nothing. Add "operationId", "operationPath" or "workflowId".'],
  ],
  [
    'a step that calls two things',
    step('operationId: getOne\noperationPath: x'),
    ['9:9: the step "s" has both "operationId" and "operationPath". Remove one of them.'],
  ],
  [
    'an unknown workflow',
    step('workflowId: v'),
    ['8:9: there is no workflow "v". Add it, or use one of: w.'],
  ],
  [
    'a workflow of another document',
    workflow(`dependsOn: [$sourceDescriptions.other.v]\n${plainSteps}`),
    [
      '6:17: "$sourceDescriptions.other.v" is a workflow of another Arazzo document, which is not read. Write that workflow into this document.',
    ],
  ],
  [
    'a parameter without its place',
    step('operationId: getOne\nparameters: [{ name: id, value: 1 }]'),
    ['9:22: the parameter "id" does not say where it is sent. Add in: path, query, header or cookie.'],
  ],
  [
    'a path parameter that is not in the path',
    step('operationId: getOne\nparameters: [{ name: ids, in: path, value: 1 }]'),
    ['9:22: the path /a/{id} has no {ids}. Correct the name, or use one of: id.'],
  ],
  [
    'a parameter given twice',
    step(
      'operationId: getOne\nparameters: [{ name: a, in: query, value: 1 }, { name: a, in: header, value: 1 }, { name: a, in: query, value: 2 }]',
    ),
    ['9:91: the parameter "a" is given twice. Keep one of the two.'],
  ],
  [
    'components that are not there',
    step(
      'operationId: getOne\nparameters: [{ reference: $components.parameters.a }]\nonFailure: [{ reference: $components.successActions.a }]',
    ),
    [
      '9:22: there is no component "$components.parameters.a". Add it to components/parameters.',
      '10:21: there is no component "$components.successActions.a". Add it to components/failureActions.',
    ],
  ],
  [
    'an action that leads to an unknown step',
    step('operationId: getOne\nonSuccess: [{ name: a, type: goto, stepId: t }]'),
    ['9:44: this workflow has no step "t". Add it, or use one of: s.'],
  ],
  [
    'actions that lead nowhere, to two places, and onwards from the end',
    step(
      'operationId: getOne\nonFailure:\n  - { name: a, type: goto }\n  - { name: b, type: retry, stepId: s, workflowId: w }\n  - { name: c, type: end, stepId: s }\n  - { name: c, type: end }',
    ),
    [
      '10:13: the action "a" does not say where to go. Add "stepId" or "workflowId".',
      '11:48: the action "b" has both "stepId" and "workflowId". Remove one of them.',
      '12:35: the action "c" ends the workflow, and names a "stepId". Remove it.',
      '13:13: the action "c" is given twice. Keep one of the two.',
    ],
  ],
  [
    'two workflows, two steps and two sources of one name',
    `${beginning.replace('}]', '}, { name: api, url: b, type: arazzo }]')}workflows:
  - { workflowId: w, steps: [{ stepId: s, operationId: getOne }, { stepId: s, operationId: getOne }] }
  - { workflowId: w, steps: [{ stepId: s, operationId: getOne }] }
`,
    [
      '3:58: there is another source description "api". Choose another name.',
      '5:68: there is another step "s". Choose another name.',
      '6:7: there is another workflow "w". Choose another name.',
    ],
  ],
  [
    'workflows that wait for each other',
    `${beginning}workflows:
  - { workflowId: a, dependsOn: [b], steps: [{ stepId: s, operationId: getOne }] }
  - { workflowId: b, steps: [{ stepId: s, workflowId: c }] }
  - { workflowId: c, dependsOn: [a], steps: [{ stepId: s, operationId: getOne }] }
`,
    ['5:7: the workflow "a" needs itself: a -> b -> c -> a. Break the circle.'],
  ],
  [
    'members that only calls of operations, or of workflows, have',
    `${beginning}workflows:
  - { workflowId: a, steps: [{ stepId: s, operationId: getOne, x-shared: true }] }
  - { workflowId: b, steps: [{ stepId: s, workflowId: a, requestBody: {}, parameters: [{ name: x, value: 1 }] }] }
`,
    [
      '5:64: only a step that calls a workflow can share it. Remove it.',
      '6:58: a step that calls a workflow takes no "requestBody". Remove it.',
      '6:88: the workflow "a" has no input "x". Declare it there.',
    ],
  ],
  [
    'references of inputs that lead nowhere, or round in a circle',
    `${workflow(`inputs: { properties: { a: { $ref: '#/components/inputs/x' }, b: { $ref: '#/components/inputs/b' } } }\n${plainSteps}`)}components: { inputs: { b: { $ref: '#/components/inputs/b' } } }`,
    [
      '6:34: the reference "#/components/inputs/x" leads nowhere in this document. Refer to a schema of this document, for example "#/components/inputs/NAME".',
      '8:30: the reference "#/components/inputs/b" leads back to itself. Refer to a schema of this document, for example "#/components/inputs/NAME".',
    ],
  ],
  [
    'inputs that are required and not described, or that ask for nothing',
    workflow(`inputs: { required: [a], properties: { b: { x-input: '', x-for: c } } }\n${plainSteps}`),
    [
      '6:15: the required input "a" is not described. Add it to the properties.',
      '6:49: "x-input" of the input "b" must be a name. Correct it.',
      '6:62: "x-for" of the input "b" must be an object. Correct it.',
    ],
  ],
  [
    'extensions beside the inputs that are of none of them, or that ask for nothing',
    workflow(
      `inputs: { properties: { b: {} } }\nx-inputs: { a: { x-input: c }, b: { x-input: '', x-for: { d: $inputs.d } } }\n${plainSteps}`,
    ),
    [
      '7:17: there is no input "a". Add it to the properties of "inputs".',
      '7:41: "x-input" of the input "b" must be a name. Correct it.',
      '7:63: this workflow has no input "d". Add it, or use one of: b.',
    ],
  ],
];

const meanings: readonly Case[] = [
  [
    'an unknown input',
    workflow(
      `inputs: { properties: { phone: { type: string } } }\nsteps: [{ stepId: s, operationId: getOne, requestBody: { payload: { a: ['{$inputs.fone}'] } } }]`,
    ),
    ['7:77: this workflow has no input "fone". Add it, or use one of: phone.'],
  ],
  [
    'an unknown step, and an unknown output of a step',
    workflow(`${plainSteps}\noutputs: { a: $steps.t.outputs.x, b: $steps.s.outputs.x }`),
    [
      '7:16: this workflow has no step "t". Add it, or use one of: s.',
      '7:39: the step "s" has no output "x". Add it.',
    ],
  ],
  [
    'an output of a step that comes later',
    workflow(
      `steps:\n  - { stepId: a, operationId: getOne, parameters: [{ name: id, in: path, value: $steps.b.outputs.x }] }\n  - { stepId: b, operationId: getOne, outputs: { x: $response.body } }`,
    ),
    ['7:78: the step "b" has not run by then. Name a step that comes before this one.'],
  ],
  [
    'an output of a step that comes later, but that a jump may have led to',
    workflow(
      `steps:\n  - { stepId: a, operationId: getOne, parameters: [{ name: id, in: path, value: $steps.b.outputs.x }] }\n  - { stepId: b, operationId: getOne, outputs: { x: $response.body }, onSuccess: [{ name: g, type: goto, stepId: a }] }`,
    ),
    [],
  ],
  [
    'unknown names of other workflows',
    workflow(
      `${plainSteps}\noutputs: { a: $workflows.v.outputs.x, b: $workflows.w.inputs.x, c: $workflows.w.outputs.a, d: $outputs.e }`,
    ),
    [
      '7:16: there is no workflow "v". Add it, or use one of: w.',
      '7:43: the workflow "w" has no input "x". Add it.',
      '7:96: this workflow has no output "e". Add it, or use one of: a.',
    ],
  ],
  [
    'an output of a workflow that the step calls',
    `${beginning}workflows:
  - { workflowId: a, steps: [{ stepId: s, operationId: getOne }], outputs: { x: $statusCode } }
  - { workflowId: b, steps: [{ stepId: s, workflowId: a, outputs: { x: $outputs.x, y: $outputs.y } }] }
`,
    ['6:84: the workflow "a" has no output "y". Add it, or use one of: x.'],
  ],
  [
    'outputs that are no expressions',
    step('operationId: getOne\noutputs: { a: token, b: $response.token, c: $credential }'),
    [
      `9:20: "token" is not a runtime expression. ${expressions}`,
      `9:30: "$response.token" is not a runtime expression. ${expressions}`,
      `9:50: "$credential" is not a runtime expression. ${expressions}`,
    ],
  ],
  [
    'a value that begins like an expression, and texts that only begin with $',
    step(
      'operationId: getOne\nparameters: [{ name: id, in: path, value: $step.a }, { name: a, in: query, value: $inputs }, { name: b, in: query, value: $steps.s.token }]',
    ),
    [`9:124: "$steps.s.token" is not a runtime expression. ${expressions}`],
  ],
  [
    'the response in the request that it answers',
    step(
      "operationId: getOne\nrequestBody: { payload: { a: $response.body, b: '{$statusCode}' } }\nx-request: { fields: [{ name: A, value: $response.header.B }] }",
    ),
    [
      '9:35: "$response.body" has no value before the request is sent. Name it in the outputs of that step, and write $steps.ID.outputs.NAME.',
      '9:54: "$statusCode" has no value before the request is sent. Name it in the outputs of that step, and write $steps.ID.outputs.NAME.',
      '10:42: "$response.header.B" has no value before the request is sent. Name it in the outputs of that step, and write $steps.ID.outputs.NAME.',
    ],
  ],
  [
    'what an input is for',
    workflow(`inputs: { properties: { a: { x-for: { b: $inputs.b } } } }\n${plainSteps}`),
    ['6:43: this workflow has no input "b". Add it, or use one of: a.'],
  ],
  [
    'a component that is used and names what is not there',
    `${step('operationId: getOne\nparameters: [{ reference: $components.parameters.p }]')}components: { parameters: { p: { name: id, in: path, value: $inputs.x } } }`,
    ['10:54: this workflow has no input "x". Add it.'],
  ],
  [
    'a simple condition that cannot be read',
    criterion('{ condition: $statusCode = 200 }'),
    ['9:29: = is no operator. Compare with ==.'],
  ],
  [
    'a simple condition that names what is not there',
    criterion("{ condition: '$statusCode == 200 && $inputs.a == 1' }"),
    ['9:29: this workflow has no input "a". Add it.'],
  ],
  [
    'a regular expression that is none, applied to nothing',
    criterion("{ condition: '(', type: regex }"),
    [
      '9:27: a condition of type regex does not say what it is applied to. Add a "context", for example $response.body.',
      '9:29: "(" is not a regular expression. Correct it.',
    ],
  ],
  [
    'a context that is no expression',
    criterion('{ condition: a, type: regex, context: response.body }'),
    [`9:56: "response.body" is not a runtime expression. ${expressions}`],
  ],
  [
    'an input in a regular expression',
    criterion("{ condition: '^{$inputs.a}$', type: regex, context: $response.body }"),
    ['9:29: this workflow has no input "a". Add it.'],
  ],
  [
    'XPath, and an unknown version of JSONPath',
    criterion(
      '{ condition: /a, type: xpath, context: $response.body }, { condition: $.a, context: $response.body, type: { type: jsonpath, version: v9 } }',
    ),
    [
      '9:44: conditions in XPath are not supported. Use a JSONPath, a regular expression or a simple condition.',
      '9:151: "v9" is no version of JSONPath. Correct it, or use one of: rfc9535, draft-goessner-dispatch-jsonpath-00.',
    ],
  ],
  [
    'a criterion of an action',
    step("operationId: getOne\nonFailure: [{ name: a, type: end, criteria: [{ condition: '1 =' }] }]"),
    ['9:56: = is no operator. Compare with ==.'],
  ],
];

describe.each([
  ['the form', form],
  ['names', names],
  ['expressions and conditions', meanings],
] as const)('what is said about %s:', (_, cases) => {
  test.each(cases)('%s', async (_what, text, complaints) => {
    expect(await complaintsAbout(text)).toEqual(complaints);
  });
});

test('a JSONPath that cannot be read is told with its reason', async () => {
  const [complaint] = await complaintsAbout(
    criterion("{ condition: '$[?@.a = 1]', type: jsonpath, context: $response.body }"),
  );
  expect(complaint).toMatch(/^9:29: "\$\[\?@\.a = 1\]" is not a JSONPath\. Write it as in RFC 9535: .+\.$/);
});
