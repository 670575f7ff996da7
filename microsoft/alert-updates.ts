import { z } from 'zod';
import type { AlertUpdates, AlertVerdict } from '../domain/actions/action-gateway.js';
import { SourceError } from '../domain/alerts/alert-source.js';
import { text } from './members.js';
import { graphSecurity } from './rest-api.js';
import { restFault, transportFault } from './rest-faults.js';
import { createRestReader } from './rest-reader.js';
import { sendOnce } from './rest.js';
import type { RestOptions, RestWrite } from './rest.js';
import { microsoftTime } from './timestamps.js';
import { TransportFailure } from './transport-failure.js';

const permission = 'SecurityAlert.ReadWrite.All';
const answered = z.object({
  lastUpdateDateTime: text,
  comments: z.array(z.object({ comment: text }).catch({ comment: null })).catch([]),
});

/**
 * Alerts of Graph `security/alerts_v2`, resolved there; needs SecurityAlert.ReadWrite.All. The comment goes first, since it
 * counts as an update too: so the answer to the PATCH carries the last one. A comment that stands there is not repeated.
 */
export function createAlertUpdates(options: RestOptions): AlertUpdates {
  const api = graphSecurity(options.cloud);
  const get = createRestReader(options, api);
  const write = async (asked: Omit<RestWrite, 'urgent'>): Promise<string> => {
    const answer = await sendOnce(options, api, { ...asked, urgent: false });
    if (answer instanceof TransportFailure) throw transportFault(answer);
    const { connection } = asked;
    if (answer.status >= 200 && answer.status < 300) return answer.text;
    throw restFault(answer, { api, permission, connection, cloud: options.cloud });
  };
  return {
    resolve: async (connection, microsoftAlertId, verdict, signal) => {
      const path = pathOf(microsoftAlertId);
      const read = async () => alertOf((await get({ connection, target: path, permission, signal })).body);
      const before = await read();
      if (!before.comments.some(({ comment }) => comment === verdict.comment))
        await write({ connection, method: 'POST', path: `${path}/comments`, body: commentOf(verdict), signal });
      const sent = await write({ connection, method: 'PATCH', path, body: patchOf(verdict), signal });
      const lastUpdate = lastUpdateOf(sent) ?? (await read()).lastUpdateDateTime;
      if (lastUpdate === null) throw new SourceError('protocol', 'Graph sent an alert without its last update.');
      return { lastUpdate };
    },
  };
}

function pathOf(id: string): string {
  if (/^\.*$/.test(id) || id.length > 255)
    throw new SourceError('protocol', "The alert's id is none of Microsoft's, so it was not sent.");
  return `/security/alerts_v2/${encodeURIComponent(id)}`;
}

/** Names of the CSDL; the page of the documentation still lists older ones. */
function patchOf({ classification, determination }: AlertVerdict): object {
  return { status: 'resolved', classification, ...(determination !== null && { determination }) };
}

function commentOf({ comment }: AlertVerdict): object {
  return { '@odata.type': 'microsoft.graph.security.alertComment', comment };
}

function alertOf(body: unknown) {
  const parsed = answered.safeParse(body);
  if (!parsed.success) throw new SourceError('protocol', 'Graph answered with something that is no alert.');
  const { lastUpdateDateTime, comments } = parsed.data;
  return { lastUpdateDateTime: microsoftTime(lastUpdateDateTime), comments };
}

/** Null when the answer has none, as one without a body. */
function lastUpdateOf(sent: string): string | null {
  try {
    return alertOf(JSON.parse(sent)).lastUpdateDateTime;
  } catch {
    return null;
  }
}
