import assert from 'node:assert/strict';
import { cloudNames, isAllowedUrl, microsoftCloud } from '../../microsoft/cloud.js';

describe('where the clouds of Microsoft are', () => {
  const defenderOf = (name: (typeof cloudNames)[number]) => {
    const { defenderRoot, defenderScope, defenderHosts } = microsoftCloud(name);
    return { defenderRoot, defenderScope, hosts: [...defenderHosts] };
  };

  it('calls the new host of Defender with a token for the old one, and takes links of both', () => {
    assert.deepEqual(defenderOf('worldwide'), {
      defenderRoot: 'https://api.security.microsoft.com',
      defenderScope: 'https://api.securitycenter.microsoft.com/.default',
      hosts: ['api.security.microsoft.com', 'api.securitycenter.microsoft.com'],
    });
  });

  it('has one host of Defender in each government cloud', () => {
    const at = (host: string) => ({
      defenderRoot: `https://${host}`,
      defenderScope: `https://${host}/.default`,
      hosts: [host],
    });
    assert.deepEqual(defenderOf('gcc'), at('api-gcc.securitycenter.microsoft.us'));
    assert.deepEqual(defenderOf('gcc_high'), at('api-gov.securitycenter.microsoft.us'));
    assert.deepEqual(defenderOf('dod'), at('api-gov.securitycenter.microsoft.us'));
  });

  it('adds a configured host to those that may see tokens, and keeps the audience of the cloud', () => {
    const cloud = microsoftCloud('worldwide', { defenderHost: 'eu.api.security.microsoft.com' });
    assert.equal(cloud.defenderRoot, 'https://eu.api.security.microsoft.com');
    assert.equal(cloud.defenderScope, 'https://api.securitycenter.microsoft.com/.default');
    assert.ok(cloud.defenderHosts.has('eu.api.security.microsoft.com'));
    assert.ok(cloud.defenderHosts.has('api.securitycenter.microsoft.com'));
    assert.deepEqual([...cloud.graphHosts], ['graph.microsoft.com']);
  });

  it('never lets a token of Defender go to Graph, nor one of Graph to Defender', () => {
    for (const name of cloudNames) {
      const { graphHosts, defenderHosts } = microsoftCloud(name);
      for (const host of graphHosts) assert.equal(defenderHosts.has(host), false);
      for (const host of defenderHosts) assert.equal(graphHosts.has(host), false);
    }
  });

  it('allows https on exactly these hosts, without port or user', () => {
    const { defenderHosts } = microsoftCloud('worldwide');
    assert.ok(isAllowedUrl('https://api.securitycenter.microsoft.com/api/machines?$skip=1', defenderHosts));
    for (const url of [
      'http://api.security.microsoft.com/api',
      'https://api.security.microsoft.com:444/api',
      'https://api.security.microsoft.com@evil.example/api',
      'https://api.security.microsoft.com.evil.example/api',
      'https://api-gov.securitycenter.microsoft.us/api',
      'not a url',
    ])
      assert.equal(isAllowedUrl(url, defenderHosts), false, url);
  });
});
