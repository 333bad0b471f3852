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
    await appium.installDriver('uiautomator2');
    await appium.startAppiumServer('emulator');
    const webdriver = (await import('webdriver')).default;
    const client = await webdriver.newSession(await this.createConfig());
    this.sessionId = client.sessionId;
    return new Device(client, undefined, {}, 'emulator', this);
  }

  async createConfig() {
    const { packageName, launchableActivity } = await appium.getApkDetails(this.project.use.buildPath);
    const { name, osVersion, orientation } = this.project.use.device;
    return {
      port: 4723,
      capabilities: {
        platformName: this.project.use.platform,
        'appium:automationName': 'uiautomator2',
        'appium:deviceName': name,
        'appium:platformVersion': osVersion,
        'appium:deviceOrientation': orientation,
        'appium:appPackage': packageName,
        'appium:appActivity': launchableActivity,
        'appium:app': this.project.use.buildPath,
        'appium:autoGrantPermissions': true,
        'appium:fullReset': true,
      },
    };
  }
}
exports.EmulatorProvider = EmulatorProvider;
