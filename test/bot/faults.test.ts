import assert from 'node:assert/strict';
import { toFault } from '../../bot/faults.js';
import { sentences } from '../../bot/sentences.js';

const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

describe('What people read when something failed', () => {
  const broken = [
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    // Knex puts the statement in front.
    'ROLLBACK - Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
  ];
  for (const message of broken) {
    it(`"${message}" is a database that cannot be reached, and no bug`, () => {
      assert.deepEqual(toFault(new Error(message), log, {}), { code: 'unavailable', sentence: sentences.unreachable });
    });
  }

  it('what only speaks of a terminated connection is a bug with a reference', () => {
    const fault = toFault(new Error('no alert is called "Connection terminated" here'), log, {});
    assert.match(fault.sentence, /^Something went wrong on our side\. Reference [0-9a-f]{6}\.$/);
  });
});
