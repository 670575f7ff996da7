import { pino } from 'pino';

/** Warnings and errors go to standard error, so that a benchmark that misbehaves is seen. */
export const quietLog = pino({ level: 'warn' }, pino.destination(2));
