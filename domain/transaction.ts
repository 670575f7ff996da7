/** Transactions as jobs see them: a job decides where one begins and ends, and reaches the database through domain/ only. */
export { inSystem, inTenant } from '../database/transaction.js';
export type { Database, SystemTrx, Trx } from '../database/transaction.js';
