/** Of the errors that Ajv gives for a choice (`oneOf`, `anyOf`), those of the alternative that was meant. */

/** An error in the form that Ajv gives it. */
export type SchemaError = {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: { readonly [name: string]: unknown };
  readonly message?: string | undefined;
  /** The name that is wrong, in an error about a name. */
  readonly propertyName?: string | undefined;
};

/**
 * The errors without those of alternatives that were not meant. A choice of which none was meant keeps its own error,
 * with what is `needed` when each alternative just lacks a member.
 */
export function withoutUnmeant(errors: readonly SchemaError[]): readonly SchemaError[] {
  // Inner choices first: what is left of them is then weighed in the outer one.
  const choices = errors.filter(isChoice).sort((a, b) => depthOf(b) - depthOf(a));
  return choices.reduce<readonly SchemaError[]>(withChoiceMade, errors);
}

function withChoiceMade(errors: readonly SchemaError[], choice: SchemaError): readonly SchemaError[] {
  const inside = errorsInside(errors, choice);
  if (inside.length === 0) return errors;
  const meant = meantOf(inside, choice);
  const needed = inside.map(({ params, keyword }) =>
    keyword === 'required' ? params.missingProperty : undefined,
  );
  const verdict = needed.includes(undefined) ? choice : { ...choice, params: { ...choice.params, needed } };
  return errors.flatMap((error) => {
    if (error === choice) return meant.length === 0 ? [verdict] : [];
    return !inside.includes(error) || meant.includes(error) ? [error] : [];
  });
}

/** The errors that were meant, by steps; none when the alternatives are all equally wrong. */
function meantOf(inside: readonly SchemaError[], choice: SchemaError): readonly SchemaError[] {
  const { instancePath: path } = choice;
  const noReference = orAll(inside, (error) => !/\/[Rr]eference\/(?:required|type)$/.test(error.schemaPath));
  // A value of another type was not meant for an alternative, and neither was another constant.
  const isOfType = (error: SchemaError): boolean => error.instancePath === path && error.keyword === 'type';
  const isOfKind = (error: SchemaError): boolean => error.instancePath === path && isConstant(error);
  const rightType = orAll(noReference, (error) => !isOfType(error));
  const rightKind = orAll(rightType, (error) => !isOfKind(error));
  if (rightKind.every(isOfType) || rightKind.every(isOfKind)) return rightKind;
  // What has a $ref was meant as a reference, whatever else does not take one.
  const isReference = (group: readonly SchemaError[]): boolean =>
    group.some(({ params }) => (params.additionalProperty ?? params.unevaluatedProperty) === '$ref');
  const groups = withoutOtherKinds(
    orAll(grouped(rightKind, choice), (group) => !isReference(group)),
    path,
  );
  const rivals = groups.filter((group) => group.some((error) => error.instancePath === path));
  if (rivals.length < 2) return groups.flat();
  const least = Math.min(...rivals.map((group) => group.length));
  const best = rivals.filter((group) => group.length === least);
  return best.length === 1
    ? [...best.flat(), ...groups.filter((group) => !rivals.includes(group)).flat()]
    : [];
}

/**
 * The errors by alternative: by its number where it is written in the choice, else by the definition that it is in,
 * which Ajv leaves out when it is a large one.
 */
function grouped(errors: readonly SchemaError[], choice: SchemaError): readonly (readonly SchemaError[])[] {
  const groups = new Map<string, SchemaError[]>();
  for (const error of errors) {
    const isDirect = error.schemaPath.startsWith(`${choice.schemaPath}/`);
    const number = isDirect ? error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0] : undefined;
    const key = number ?? /^#\/(?:definitions|\$defs)\/[^/]+/.exec(error.schemaPath)?.[0] ?? '#';
    groups.set(key, [...(groups.get(key) ?? []), error]);
  }
  return [...groups.values()];
}

/**
 * Where a member tells the alternatives apart (`type`, `in`), those that it does not rule out; where it rules out all,
 * just what it must be.
 */
function withoutOtherKinds(
  groups: readonly (readonly SchemaError[])[],
  path: string,
): readonly (readonly SchemaError[])[] {
  const members = groups
    .flatMap((group) => new Set(group.filter(isConstant).map((error) => error.instancePath)))
    .flatMap((set) => [...set])
    .filter((pointer) => pointer.startsWith(`${path}/`) && !pointer.slice(path.length + 1).includes('/'));
  const counts = new Map<string, number>();
  for (const member of members) counts.set(member, (counts.get(member) ?? 0) + 1);
  const [member, count] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
  if (count === 0 || groups.length < 2) return groups;
  const rules = (group: readonly SchemaError[]) =>
    group.filter((error) => error.instancePath === member && isConstant(error));
  const fitting = groups.filter((group) => rules(group).length === 0);
  return fitting.length > 0 ? fitting : [groups.flatMap(rules)];
}

function isChoice({ keyword, params }: SchemaError): boolean {
  return (keyword === 'oneOf' && !Array.isArray(params.passingSchemas)) || keyword === 'anyOf';
}

function isConstant({ keyword }: SchemaError): boolean {
  return keyword === 'enum' || keyword === 'const';
}

/** The errors of the alternatives: Ajv gives them one after another, and the error of the choice after the last. */
function errorsInside(errors: readonly SchemaError[], choice: SchemaError): readonly SchemaError[] {
  const end = errors.indexOf(choice);
  const before = errors.slice(0, end);
  const first = before.findLastIndex(
    ({ instancePath }) => !`${instancePath}/`.startsWith(`${choice.instancePath}/`),
  );
  return before.slice(first + 1);
}

function depthOf({ instancePath }: SchemaError): number {
  return instancePath.split('/').length;
}

function orAll<T>(all: readonly T[], keep: (each: T) => boolean): readonly T[] {
  const kept = all.filter(keep);
  return kept.length > 0 ? kept : all;
}
