export {
  type PresentedDevice,
  type RememberedCookie,
  rememberDevice,
  useRememberedDevice,
} from './remember-device.ts'
export { type RememberedDeviceStore, sqlRememberedDeviceStore } from './remembered-device-store.sql.ts'
export {
  listRememberedDevices,
  RememberedDeviceBody,
  rememberedDeviceExample,
  rememberedDeviceRoutes,
  toRememberedDeviceBody,
} from './routes.ts'
