import type { Directory } from '../../sandbox/teams/directory.js';

/** Two customers; Contoso has everybody that a story needs. */
export const directory: Directory = {
  botName: 'AVIAN',
  appId: '7f0e1a5c-0000-4000-8000-00000000b07a',
  tenants: [
    {
      entraTenantId: '11111111-1111-4111-8111-111111111111',
      name: 'Contoso',
      people: [
        {
          aadObjectId: 'aaaaaaaa-0000-4000-8000-000000000001',
          name: 'Ann Archer',
          title: 'Security analyst',
          email: 'ann@contoso.example',
        },
        {
          aadObjectId: 'aaaaaaaa-0000-4000-8000-000000000002',
          name: 'Bo Berg',
          title: 'Security analyst',
          email: 'bo@contoso.example',
        },
        {
          aadObjectId: 'aaaaaaaa-0000-4000-8000-000000000003',
          name: 'Mia Moreau',
          title: 'SOC manager',
          email: 'mia@contoso.example',
        },
        {
          aadObjectId: 'aaaaaaaa-0000-4000-8000-000000000004',
          name: 'Adam Okoye',
          title: 'Administrator',
          email: 'adam@contoso.example',
        },
        {
          aadObjectId: 'aaaaaaaa-0000-4000-8000-000000000005',
          name: 'Gita Rao',
          title: 'Guest',
          email: 'gita@fabrikam.example',
          isGuest: true,
        },
      ],
      teams: [{ name: 'Contoso SOC', channels: ['Security alerts', 'Escalations'] }],
    },
    {
      entraTenantId: '22222222-2222-4222-8222-222222222222',
      name: 'Fabrikam',
      people: [
        {
          aadObjectId: 'bbbbbbbb-0000-4000-8000-000000000001',
          name: 'Finn Falk',
          title: 'Security analyst',
          email: 'finn@fabrikam.example',
        },
      ],
      teams: [{ name: 'Fabrikam Security', channels: ['Alerts'] }],
    },
  ],
};
