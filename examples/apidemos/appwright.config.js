const path = require('node:path');
const { defineConfig, Platform } = require('appwright');

// The binary comes with a package of its own; a project of yours would name its build's output.
const buildPath = path.join(__dirname, 'node_modules/android-apidemos/apks/ApiDemos-debug.apk');
const appBundleId = 'io.appium.android.apis';

module.exports = defineConfig({
  testDir: './tests',
  projects: [
    {
      name: 'emulator',
      use: {
        platform: Platform.ANDROID,
        device: { provider: 'emulator', name: 'Pixel 8', osVersion: '14' },
        buildPath,
        appBundleId,
        expectTimeout: 10_000,
      },
    },
    {
      name: 'device',
      use: {
        platform: Platform.ANDROID,
        device: { provider: 'local-device' },
        buildPath,
        appBundleId,
        expectTimeout: 10_000,
      },
    },
    {
      name: 'browserstack',
      use: {
        platform: Platform.ANDROID,
        device: { provider: 'browserstack', name: 'Google Pixel 8', osVersion: '14.0' },
        buildPath,
        appBundleId,
        expectTimeout: 20_000,
      },
    },
  ],
});
