import { compareTimes, microsoftTime } from '../../microsoft/timestamps.js';
import { ODataError } from './odata.js';
import type { MicrosoftRecord } from './tenants.js';

export type PropertyType = 'text' | 'time' | 'number' | 'guid';
/** What may stand in $filter; everything else is refused. */
export type Properties = ReadonlyMap<string, PropertyType>;
export type Condition = (record: MicrosoftRecord) => boolean;

const tokenForm = /\s*(\(|\)|'(?:[^']|'')*'|[^\s()']+)/y;
export const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Comparisons joined by `and` and `or`, with parentheses. Throws ODataError. */
export function parseFilter(filter: string | null, properties: Properties): Condition {
  if (filter === null) return () => true;
  const tokens = tokensOf(filter);
  const condition = alternatives(tokens, properties);
  if (tokens.length > 0) throw new ODataError('Invalid filter clause');
  return condition;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  tokenForm.lastIndex = 0;
  for (let end = 0; text.slice(end).trim() !== ''; end = tokenForm.lastIndex) {
    const token = tokenForm.exec(text)?.[1];
    if (token === undefined) throw new ODataError('Invalid filter clause');
    tokens.push(token);
  }
  return tokens;
}

function alternatives(tokens: string[], properties: Properties): Condition {
  const parts = [conjunction(tokens, properties)];
  while (tokens[0] === 'or') {
    tokens.shift();
    parts.push(conjunction(tokens, properties));
  }
  return (record) => parts.some((holds) => holds(record));
}

function conjunction(tokens: string[], properties: Properties): Condition {
  const parts = [operand(tokens, properties)];
  while (tokens[0] === 'and') {
    tokens.shift();
    parts.push(operand(tokens, properties));
  }
  return (record) => parts.every((holds) => holds(record));
}

function operand(tokens: string[], properties: Properties): Condition {
  if (tokens[0] !== '(') return comparison(tokens.splice(0, 3), properties);
  tokens.shift();
  const inner = alternatives(tokens, properties);
  if (tokens.shift() !== ')') throw new ODataError('Invalid filter clause');
  return inner;
}

const operators: ReadonlyMap<string, (order: number) => boolean> = new Map([
  ['eq', (order: number) => order === 0],
  ['ge', (order: number) => order >= 0],
  ['gt', (order: number) => order > 0],
  ['le', (order: number) => order <= 0],
  ['lt', (order: number) => order < 0],
]);

function comparison([property = '', operator = '', literal = '']: string[], properties: Properties): Condition {
  const type = properties.get(property);
  const holds = operators.get(operator);
  if (!type || !holds || literal === '') throw new ODataError('Invalid filter clause');
  if (type === 'time') return byTime(property, literal, holds);
  if (operator !== 'eq') throw new ODataError('Invalid filter clause');
  const wanted = literalOf(type, literal);
  return (record) => record[property] === wanted;
}

function byTime(property: string, literal: string, holds: (order: number) => boolean): Condition {
  if (microsoftTime(literal) === null) throw new ODataError(`Invalid filter clause: '${literal}' is not a date.`);
  return (record) => {
    const value = microsoftTime(record[property]);
    return value !== null && holds(compareTimes(value, literal));
  };
}

function literalOf(type: PropertyType, literal: string): string | number {
  const isQuoted = literal.startsWith("'");
  const text = isQuoted ? literal.slice(1, -1).replaceAll("''", "'") : literal;
  if (type === 'number' && /^\d+$/.test(literal)) return Number(literal);
  if (type === 'guid') return guid(text);
  if (type === 'text' && isQuoted) return text;
  throw new ODataError('Invalid filter clause');
}

/** Lower case. Throws ODataError in the words of Defender. */
export function guid(text: string): string {
  if (guidForm.test(text)) return text.toLowerCase();
  throw new ODataError(`The value '${text}' should be format of type 'Edm.Guid'.`);
}
