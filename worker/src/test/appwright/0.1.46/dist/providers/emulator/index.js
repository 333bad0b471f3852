'use strict';
const { Device } = require('../../device');
const appium = require('../appium');

class EmulatorProvider {
  constructor(project) {
    this.project = project;
  }

  async globalSetup() {
    await appium.isEmulatorInstalled(this.project.use.platform);
  }

  async getDevice() {
    return this.createDriver();
  }

  async createDriver() {
    await appium.installDriver('uiautomator2');
    await appium.startAppiumServer('emulator');
    const webdriver = (await import('webdriver')).default;
    const client = await webdriver.newSession(await this.createConfig());
    this.sessionId = client.sessionId;
    return new Device(client, undefined, {}, 'emulator');
  }

  async createConfig() {
    const { packageName, launchableActivity } = await appium.getApkDetails(this.project.use.buildPath);
    const { name, osVersion, udid } = this.project.use.device;
    return {
      port: 4723,
      capabilities: {
        platformName: this.project.use.platform,
        'appium:automationName': 'uiautomator2',
        'appium:deviceName': name,
        'appium:udid': udid,
        'appium:platformVersion': osVersion,
        'appium:appPackage': packageName,
        'appium:appActivity': launchableActivity,
        'appium:app': this.project.use.buildPath,
        'appium:fullReset': true,
        'appium:settings[snapshotMaxDepth]': 62,
        'appium:wdaLaunchTimeout': 300_000,
      },
    };
  }
}
exports.EmulatorProvider = EmulatorProvider;
