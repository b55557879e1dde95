export { databaseFile, databaseUrl } from './addresses.ts'
export {
  type Config,
  ConfigError,
  type Environment,
  loadConfig,
  readEnvFile,
  sessionLimitsOf,
} from './load-config.ts'
export { settingOf, settings } from './settings.ts'
export { type ShownSetting, showSettings } from './show-settings.ts'
