import type { IncomingMessage, ServerResponse } from 'node:http';

import type { PretendTeams } from '../teams/pretend-teams.js';
import { handleApi } from './api.js';
import { buildAssets } from './bundle.js';
import type { Asset } from './bundle.js';
import { refusal, setSecurityHeaders } from './guard.js';
import type { PanelControl } from './panel.js';
import { answerJson } from './request.js';
import type { WireCommand } from './wire.js';

export interface ConsoleOptions {
  readonly teams: PretendTeams;
  readonly panel: readonly PanelControl[];
  /** Stands in the top bar and in the browser's tab. */
  readonly title: string;
  /** What the compose box offers after a slash. */
  readonly commands?: readonly WireCommand[];
  /** Told of what went wrong inside; the person reads a sentence. */
  readonly onError?: (error: unknown) => void;
}

export interface Console {
  /** Answers / and /console/*; resolves to false when the request is for somebody else. Never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** Resolves when the page is built; rejects when it cannot be. */
  readonly ready: Promise<void>;
}

/** The browser stand-in for Teams. Mount it on a server that listens on loopback. */
export function createConsole(options: ConsoleOptions): Console {
  const parts = { ...options, commands: options.commands ?? [] };
  const assets = buildAssets();
  const ready = assets.then(() => undefined);
  // Who does not wait for ready learns of a failed build by the answer to the first request.
  ready.catch(() => undefined);

  async function serve(req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
    const reason = refusal(req);
    setSecurityHeaders(res);
    if (reason !== null) return answerJson(res, 403, { message: reason });
    if (url.pathname.startsWith('/console/api/')) return handleApi(parts, req, res, url);
    serveAsset((await assets).get(url.pathname), req, res);
  }

  return {
    ready,
    handle: async (req, res) => {
      const url = new URL(req.url ?? '/', 'http://localhost');
      if (url.pathname !== '/' && !url.pathname.startsWith('/console/')) return false;
      try {
        await serve(req, res, url);
      } catch (error) {
        options.onError?.(error);
        if (!res.headersSent)
          answerJson(res, 500, { message: 'Something went wrong in the console. Please try again.' });
        else res.end();
      }
      return true;
    },
  };
}

function serveAsset(asset: Asset | undefined, req: IncomingMessage, res: ServerResponse): void {
  if (!asset) return answerJson(res, 404, { message: 'The console has nothing under this address.' });
  // Built anew at each start, but versioned by its content within the page.
  if (req.url?.includes('?v=')) res.setHeader('cache-control', 'private, max-age=31536000, immutable');
  res.writeHead(200, { 'content-type': asset.type, 'content-length': asset.body.length });
  res.end(req.method === 'HEAD' ? undefined : asset.body);
}
