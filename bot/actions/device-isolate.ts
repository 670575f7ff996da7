import { deviceRequest } from './device-request.js';

export const deviceIsolate = deviceRequest('device.isolate', 'isolate');
