import { z } from 'zod';
import { storable, storableOrNull } from './text.js';

/** Members of records are read one by one: each may be missing, null or of a type we do not expect. */
export const text = z.string().nullable().catch(null);
export const texts = z.array(z.string().catch('')).catch([]);
export const number = z.number().nullable().catch(null);
export const flag = z.boolean().nullable().catch(null);

/** What names a record. It is never cut, because two records could then be taken for one. */
export const identifier = (longest: number) =>
  z
    .string('is missing')
    .trim()
    .min(1, { error: 'is blank', abort: true })
    .max(longest, { error: `is longer than ${longest} characters`, abort: true })
    .refine((id) => storable(id, longest) === id, 'has characters that cannot be stored');

const nilGuid = '00000000-0000-0000-0000-000000000000';
const longestId = 255;

/** An Entra device id in lower case; null also for the nil GUID, which stands for none. */
export function entraDeviceId(value: string | null): string | null {
  const id =
    storableOrNull(value, longestId + 1)
      ?.trim()
      .toLowerCase() ?? null;
  return id === nilGuid || (id !== null && id.length > longestId) ? null : id;
}
