/** Values next to a valid one: at the bounds of its schema, just past each of them, and legal ones that are hard to take. */

import type { Documents, Place } from '../document/documents.js';
import { createPlainSchemas, type PlainSchemas } from '../generate/plain-schemas.js';
import { sampleOf } from '../generate/sample.js';
import type { Known } from '../generate/sampling.js';
import { type Json, jsonEquals, pointedTo } from '../json.js';
import { type Random, seededRandom } from '../random.js';
import type { Dialect, Direction } from '../schema/dialect.js';
import type { Schemas, SchemaViolation } from '../schema/schema.js';
import { completed, type Sample } from './completed.js';
import { distinctSites, type Site, sitesOf, type Walk } from './sites.js';
import { withPlaceOf, withValueAt } from './value-at.js';
import type { Candidate, Making } from './variant-candidate.js';
import { otherwiseInvalid } from './variants-alternatives.js';
import { hostileCandidates } from './variants-hostile.js';
import { invalidCandidates } from './variants-invalid.js';
import { validCandidates } from './variants-valid.js';

/** A value next to another one. */
export type Variant = {
  readonly value: Json;
  /** Where it differs: a JSON Pointer. For a member that is left out, the pointer that it would have. */
  readonly pointer: string;
  /** The keyword of JSON Schema that it breaks, or at whose bound it lies; undefined when it is about none. */
  readonly keyword: string | undefined;
  /** The place of that keyword in the contract; of the schema, where it is about none. */
  readonly place: Place;
  /** What was done, in words: "otp is missing". */
  readonly title: string;
};

export type Variants = {
  /** At the bounds of each constraint: the contract allows them all. */
  readonly valid: readonly Variant[];
  /** Each breaks one constraint, and nothing else where that can be: the contract forbids them all. */
  readonly invalid: readonly Variant[];
  /** Legal, and hard to take: the contract allows them all. */
  readonly hostile: readonly Variant[];
};

type VariantsContext = {
  readonly direction: Direction;
  readonly random: Random;
  /** The most of each kind. Default 200. */
  readonly budget?: number;
};

/**
 * The values next to a base value, which the schema at a place allows: the most telling first, none twice, none that is
 * the base itself, in the same order for the same random numbers.
 */
export type MakeVariants = (schema: Place, base: Json, context: VariantsContext) => Variants;

/** As often a value is made anew where it does not turn out as wanted. */
const tries = 4;

/** As many values are made within one of another alternative though they are optional. */
const wholeCount = 40;

/** Makes variants by the schemas of a contract's documents. */
export function createVariants(documents: Documents, dialect: Dialect, schemas: Schemas): MakeVariants {
  const plain: Partial<Record<Direction, PlainSchemas>> = {};
  const plainIn = (direction: Direction): PlainSchemas => {
    plain[direction] ??= createPlainSchemas(documents, dialect, direction);
    return plain[direction];
  };
  return (at, base, { direction, random, budget = 200 }) => {
    const walk = { plain: plainIn(direction), schemas, direction };
    const isValid = (value: Json): boolean => schemas.isValid(at, value, direction);
    const violations = (value: Json) => schemas.violations(at, value, direction);
    // Each kind has random numbers of its own, so that it is the same whether the others are made or not.
    const seeds = [0, 1, 2].map(() => random.integer(0, 0x7fffffff));
    const full = once(() => completed(at, base, walk, samplers(walk, seededRandom(seeds[0] ?? 0)).sample));
    const sites = once(() => sitesOfBoth(at, base, full(), walk));
    const making = (kind: number): Making => ({
      base,
      full: full(),
      sites: sites(),
      walk,
      ...samplers(walk, seededRandom((seeds[kind] ?? 0) ^ kind)),
    });
    const pick = (candidates: readonly Candidate[], made: Making, choose: Choose): readonly Variant[] =>
      picked(candidates, made, choose, budget);
    const kinds = {
      valid: once(() => {
        const made = making(0);
        return pick(validCandidates(made), made, validChoice(isValid));
      }),
      invalid: once(() => {
        const made = making(1);
        const candidates = [...invalidCandidates(made), ...otherwiseInvalid(made, isValid)];
        return pick(candidates, made, invalidChoice(violations));
      }),
      hostile: once(() => {
        const made = making(2);
        return pick(hostileCandidates(made), made, validChoice(isValid));
      }),
    };
    return {
      get valid() {
        return kinds.valid();
      },
      get invalid() {
        return kinds.invalid();
      },
      get hostile() {
        return kinds.hostile();
      },
    };
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function samplers(walk: Walk, random: Random): Pick<Making, 'sample' | 'samples' | 'wholeSample'> {
  // What is optional is filled in later, and only once within itself.
  const { plain, direction } = walk;
  const sampleWith = (budget: number): Sample => {
    const sampling = { resolve: plain.resolve, known: known(random), random, direction, budget };
    return (schema) => sampleOf(schema, sampling);
  };
  const sample = sampleWith(0);
  return {
    sample,
    wholeSample: sampleWith(wholeCount),
    samples: function* (schema) {
      for (let index = 0; index < tries; index += 1) yield sample(schema);
    },
  };
}

/** The sites of the base, and those of the completed base where it differs. */
function sitesOfBoth(at: Place, base: Json, full: Json, walk: Walk): readonly Site[] {
  return [
    ...distinctSites(sitesOf(at, base, walk)),
    ...distinctSites(sitesOf(at, full, walk)).filter(
      ({ pointer, value }) => !jsonEquals(value, pointedTo(base, pointer)),
    ),
  ];
}

/** What needs no guessing: a constant; the first time an example too; a UUID. */
function known(random: Random): Known {
  return (attempt) => (schema) => {
    if (schema.const !== undefined) return schema.const;
    const examples = Array.isArray(schema.examples) ? schema.examples : [];
    const example = [...examples, schema.example].find((value) => value !== undefined);
    if (attempt === 0 && example !== undefined) return example;
    return schema.format === 'uuid' && schema.pattern === undefined ? random.uuid() : undefined;
  };
}

/** A value for a candidate, and what it is about; undefined when none will do. */
type Choose = (
  candidate: Candidate,
  values: Iterable<Json>,
) => Pick<Variant, 'value' | 'keyword' | 'place'> | undefined;

function picked(
  candidates: readonly Candidate[],
  making: Making,
  choose: Choose,
  budget: number,
): readonly Variant[] {
  const { base } = making;
  const isThere = ({ site, host }: Candidate): number =>
    host !== undefined ? 2 : pointedTo(base, site.pointer) === undefined ? 1 : 0;
  const ordered = candidates
    .map((candidate) => ({ candidate, there: isThere(candidate), depth: candidate.site.trail.length }))
    .sort((a, b) => a.candidate.rank - b.candidate.rank || a.there - b.there || a.depth - b.depth);
  const variants: Variant[] = [];
  const seen = new Set<string>([JSON.stringify(base)]);
  const titles = new Set<string>();
  for (const { candidate } of ordered) {
    if (variants.length >= budget) break;
    if (titles.has(candidate.title)) continue;
    const chosen = choose(candidate, hosted(candidate, making));
    if (chosen === undefined) continue;
    const text = JSON.stringify(chosen.value);
    if (seen.has(text)) continue;
    seen.add(text);
    titles.add(candidate.title);
    variants.push({ ...chosen, pointer: candidate.pointer, title: candidate.title });
  }
  return variants;
}

/** The values of a candidate within the base; and within the completed base, where it has room for them only there. */
function* hosted({ site, values, host: own }: Candidate, { base, full }: Making): Generator<Json> {
  const hosts = own === undefined ? [withPlaceOf(base, full, site.pointer), full] : [own];
  for (const inner of values()) {
    for (const host of hosts) yield withValueAt(host, site.pointer, inner);
  }
}

function validChoice(isValid: (value: Json) => boolean): Choose {
  return ({ keyword, at }, values) => {
    for (const value of values) if (isValid(value)) return { value, keyword, place: at };
    return undefined;
  };
}

/** The first value that breaks just what it is meant to; else one that breaks it among others; else one by way of a choice. */
function invalidChoice(violations: (value: Json) => readonly SchemaViolation[]): Choose {
  return (candidate, values) => {
    const best: (ReturnType<Choose> | undefined)[] = [];
    for (const value of values) {
      const found = violations(value);
      const [grade, violation] = graded(candidate, found);
      if (violation === undefined) continue;
      const chosen = { value, keyword: violation.keyword, place: violation.schema };
      if (grade === 0) return chosen;
      best[grade] ??= chosen;
    }
    return best.find((each) => each !== undefined);
  };
}

/** How well violations are what a candidate is meant for, 0 being just that; and the one that is. */
function graded(
  { keyword, pointer, at }: Candidate,
  found: readonly SchemaViolation[],
): readonly [number, SchemaViolation | undefined] {
  const isHere = (violation: SchemaViolation): boolean => violation.pointer === pointer;
  const isMeant = (violation: SchemaViolation): boolean =>
    (keyword === undefined || violation.keyword === keyword) && isHere(violation);
  const isPlaced = ({ schema }: SchemaViolation): boolean =>
    keyword === undefined || (schema.pointer === at.pointer && schema.file === at.file);
  const meant = found.find((violation) => isMeant(violation) && isPlaced(violation));
  if (meant !== undefined) return [found.every(isMeant) ? 0 : 1, meant];
  const elsewhere = found.find(isMeant);
  if (elsewhere !== undefined) return [2, elsewhere];
  const choice = found.find(
    (violation) =>
      ['oneOf', 'anyOf'].includes(violation.keyword) && `${pointer}/`.startsWith(`${violation.pointer}/`),
  );
  return [3, choice];
}
