'use strict';
const { Device } = require('../../device');
const appium = require('../appium');

class LocalDeviceProvider {
  constructor(project) {
    this.project = project;
  }

  async getDevice() {
    await appium.installDriver('uiautomator2');
    await appium.startAppiumServer('local-device');
    const webdriver = (await import('webdriver')).default;
    const client = await webdriver.newSession(await this.createConfig());
    this.sessionId = client.sessionId;
    const bundleId = await appium.getAppBundleId(this.project.use.buildPath);
    return new Device(client, bundleId, {}, 'local-device', this);
  }

  async createConfig() {
    const { packageName, launchableActivity } = await appium.getApkDetails(this.project.use.buildPath);
    const { udid } = this.project.use.device;
    if (!udid) await appium.getActiveAndroidDevices();
    return {
      port: 4723,
      capabilities: {
        platformName: this.project.use.platform,
        'appium:automationName': 'uiautomator2',
        'appium:udid': udid,
        'appium:appPackage': packageName,
        'appium:appActivity': launchableActivity,
        'appium:app': this.project.use.buildPath,
        'appium:fullReset': true,
      },
    };
  }
}
exports.LocalDeviceProvider = LocalDeviceProvider;
