import assert from 'node:assert/strict';
import { createLogger } from '../log.js';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(
    createLogger('info', ['hunter-2-of-the-database', 'quo"ted'], { write: (line: string) => void lines.push(line) }),
  );
  return lines.join('');
}

describe('the log', () => {
  it('blots out known secrets in messages, fields and stacks of errors', () => {
    const text = logged((log) => {
      log.info('hunter-2-of-the-database');
      log.error({ err: new Error('connect with hunter-2-of-the-database failed'), note: 'quo"ted' }, 'failed');
      log.error({ err: new Error('outer', { cause: new Error('hunter-2-of-the-database') }) });
    });
    assert.ok(!text.includes('hunter-2'));
    assert.ok(!text.includes('quo\\"ted'));
    assert.ok(text.includes('[redacted]'));
  });

  it('blots out what looks like a secret although nobody told', () => {
    const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
    const text = logged((log) => {
      log.warn({ headers: { authorization: 'Basic abc' } });
      log.warn(`sent Bearer ${jwt}`);
      log.warn({ url: 'postgres://avian_app:s3cr3t@db/avian', body: 'client_secret=xyz123&scope=a' });
    });
    for (const secret of ['Basic abc', jwt, 's3cr3t', 'xyz123']) assert.ok(!text.includes(secret), secret);
  });
});
