import { closeTestDatabases } from './database.js';

/** Runs once after the last test, also when tests failed. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    await closeTestDatabases();
  },
};
