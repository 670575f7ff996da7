import { deviceRequest } from './device-request.js';

export const deviceRelease = deviceRequest('device.release', 'unisolate');
