import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { TeamsAdapter } from '../../../bot/adapter.js';
import { createTeamsGateway } from '../../../bot/delivery/gateway.js';
import type { Actor } from '../../../domain/access/actor.js';
import { createActionService } from '../../../domain/actions/action-service.js';
import { createChannelService } from '../../../domain/channels/channel-service.js';
import type { ChannelService } from '../../../domain/services.js';
import { askApprovers } from '../../../jobs/actions/ask.js';
import { createDeliveryLoop } from '../../../jobs/delivery/loop.js';
import { createPretendTeams } from '../../../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../../../sandbox/teams/pretend-teams.js';
import { cardOf } from '../../../sandbox/teams/message.js';
import type { Message } from '../../../sandbox/teams/message.js';
import { conversationOf, personalChatOf, personOf } from '../../../sandbox/teams/world.js';
import { click } from '../../helpers/builders.js';
import { alex, ana, channels, directory, maya, seedCast, userIdOf } from '../../helpers/cast.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { wordsOf } from '../../helpers/shown.js';
import { quick, settled, silent } from '../delivery/world.js';

describe('asking people through the real connector client, in the pretend Teams', () => {
  let base: TestDatabase;
  let teams: PretendTeams;
  let tenantId: string;
  let channelService: ChannelService;
  let gateway: ReturnType<typeof createTeamsGateway>;
  let actionId: string;

  beforeEach(async () => {
    base = await testDatabase();
    ({ contoso: tenantId } = await seedCast(base.admin));
    teams = createPretendTeams({ directory, botEndpoint: 'http://127.0.0.1:1', enforceLimits: false });
    const serviceUrl = await teams.listen();
    channelService = createChannelService(base.db);
    const adapter = new TeamsAdapter({ mode: { kind: 'local', host: '127.0.0.1' } });
    gateway = createTeamsGateway(adapter.connectors, silent);
    const { id, entraTenantId } = conversationOf(teams.world, channels.contosoAlerts);
    const names = { team: 'SOC', channel: 'Alerts', aadObjectId: null };
    const reference = { conversationId: id, serviceUrl, entraTenantId, botId: teams.world.bot.id };
    await channelService.remember({ ...reference, kind: 'channel' }, names);
    await channelService.link(await actor(maya, 'tenant_admin'), id, 'alerts', null);
    actionId = await isolate();
  });
  afterEach(async () => {
    await teams.close();
    await base.drop();
  });

  async function actor(who: typeof ana, role: Actor['role']): Promise<Actor> {
    const { entraTenantId } = personOf(teams.world, who.name);
    const userId = await userIdOf(base.admin, who);
    return { userId, tenantId, role, displayName: who.name, entraTenantId, aadObjectId: who.aadObjectId };
  }

  async function isolate(): Promise<string> {
    const deviceId = randomUUID();
    await base.admin('edr_devices').insert({
      ...{ tenant_id: tenantId, id: deviceId, microsoft_device_id: 'f00d', device_name: 'pc-7' },
      operating_system: 'Windows11',
    });
    const service = createActionService(base.db, { forceDryRun: true, canAct: true });
    const cause = { entity: 'device', entityId: deviceId } as const;
    const order = { kind: 'isolate', cause, parameter: null, reason: 'Beacon' } as const;
    const { view } = await service.request(click(await actor(ana, 'security_analyst'), deviceId), order);
    return view.action.id;
  }

  const signal = new AbortController().signal;
  const ask = () =>
    askApprovers({ db: base.db, gateway, log: silent }, tenantId, { entity: 'action', id: actionId }, signal);
  const deliver = async () => {
    const loop = createDeliveryLoop({ db: base.db, gateway, channels: channelService, log: silent, times: quick });
    loop.start();
    await settled(base, [{ tenantId, conversationId: '', analystId: '' }]);
    await loop.stop();
  };
  const chatOf = (who: typeof ana) => personalChatOf(teams.world, personOf(teams.world, who.name)).id;
  const readsIn = (conversation: string) => teams.messages(conversation).map(read);
  const read = (message: Message) => message.text || wordsOf(cardOf(message));

  it('puts the card into the chats of both, which the bot never saw before', async () => {
    await ask();
    await deliver();
    for (const who of [maya, alex]) {
      const [card, ...more] = readsIn(chatOf(who));
      assert.match(card ?? '', /ACT-1/);
      assert.match(card ?? '', /pc-7/);
      assert.deepEqual(more, []);
    }
    assert.deepEqual(readsIn(chatOf(ana)), []);
  });

  it('names in the channel who has removed the app, so that Teams notifies the person', async () => {
    teams.world.memory.setInstalled(chatOf(alex), false);
    await ask();
    await deliver();
    await ask();
    await deliver();
    assert.deepEqual(readsIn(chatOf(alex)), []);
    assert.equal(readsIn(chatOf(maya)).length, 1);
    const cards = teams.messages(channels.contosoAlerts).map((message) => cardOf(message));
    const mentions = cards.flatMap(
      (card) => (card?.['msteams'] as { entities?: unknown[] } | undefined)?.entities ?? [],
    );
    assert.deepEqual(mentions, [
      {
        type: 'mention',
        text: `<at>${alex.name}</at>`,
        mentioned: { id: alex.aadObjectId, name: alex.name },
      },
    ]);
  });
});
