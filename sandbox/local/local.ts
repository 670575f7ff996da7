import path from 'node:path';
import type { LocalMode, LocalOptions } from '../../app.js';
import { createSandboxCloud } from '../cloud/cloud.js';
import { loadDataFolder } from '../cloud/data-folder.js';
import { sandboxActor, sandboxApp, sandboxTenants, type SandboxTenant } from '../cloud/tenants.js';
import { sandboxTransport } from '../cloud/transport.js';
import { createConsole } from '../console/console.js';
import { createPretendTeams, type PretendTeams } from '../teams/pretend-teams.js';
import { sandboxPanel } from './panel.js';
import { channels, directory, people } from './people.js';
import { seed } from './seed.js';

/** Local mode: a pretend Microsoft cloud and a pretend Teams, reached over HTTP by the same code as the real ones. */
export async function openLocalMode(options: LocalOptions): Promise<LocalMode> {
  const linked = await seed(options.migrationUrl);
  const files = path.join(options.dataDir, 'sandbox');
  const cloud = createSandboxCloud({
    tenants: await tenants(options),
    stateFile: path.join(files, 'cloud.jsonl'),
  });
  const cloudServer = await cloud.listen();
  const teams = createPretendTeams({
    directory,
    botEndpoint: () => `${options.address()}/api/messages`,
    serviceUrl: options.address,
    stateFile: path.join(files, 'teams.jsonl'),
  });
  const console = createConsole({
    teams,
    panel: sandboxPanel(cloud, teams, (id) => customerOf(teams, id)),
    title: 'AVIAN',
    commands: options.commands,
    onError: (error) => options.log.error({ err: error }, 'The console failed'),
  });
  await console.ready;
  return {
    transport: sandboxTransport(cloudServer.url),
    reader: sandboxApp,
    actor: sandboxActor,
    mounts: [
      {
        matches: (url) => url.startsWith('/v3/'),
        handle: async (request, response) => void (await teams.handle(request, response)),
      },
      {
        matches: (url) => /^\/(\?|$|console\/)/.test(url),
        handle: async (request, response) => void (await console.handle(request, response)),
      },
    ],
    arrive: () => arrive(teams, linked),
    close: async () => {
      await teams.close();
      await cloudServer.close();
    },
  };
}

/** The first customer gets what is in the folder, whole and nothing else; the second keeps its own. */
async function tenants({ sandboxData, log }: LocalOptions): Promise<readonly SandboxTenant[]> {
  if (!sandboxData) return sandboxTenants;
  const { files, ignored, ...records } = await loadDataFolder(sandboxData);
  log.info({ files, ignored }, 'Serving the data of SANDBOX_DATA');
  const [first, second] = sandboxTenants;
  return [{ ...first, ...records }, second];
}

/** The customer of a channel; in a personal chat the first one. */
function customerOf(teams: PretendTeams, conversationId: string): string {
  const name = teams.conversations.get(conversationId)?.name;
  return (channels.find((channel) => channel.name === name)?.tenant ?? sandboxTenants[0]).entraTenantId;
}

/** As in a real installation: the app is added to the team, then an admin links each channel. */
async function arrive(teams: PretendTeams, linked: ReadonlySet<string>): Promise<void> {
  const admin = people.find((person) => person.isInstallationAdmin);
  for (const channel of channels) {
    const conversation = [...teams.conversations.values()].find((one) => one.name === channel.name);
    if (!admin || !conversation || linked.has(conversation.id)) continue;
    await teams.addApp(conversation.id);
    await teams.say(
      admin.name,
      conversation.id,
      `<at>${directory.botName}</at> link ${channel.purpose} "${channel.tenant.name}"`,
    );
  }
}
