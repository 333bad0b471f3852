'use strict';
const { test } = require('@playwright/test');

class Device {
  constructor(webDriverClient, bundleId, options, provider) {
    Object.assign(this, { webDriverClient, bundleId, options, provider });
  }

  async close() {
    try {
      await this.webDriverClient.deleteSession();
    } catch (e) {
      console.error('close:', e);
    }
  }

  async texts() {
    return this.webDriverClient.findElements('-android uiautomator', 'textContains("")');
  }

  async terminateApp(bundleId) {
    return test.step(
      'terminateApp',
      () => this.webDriverClient.executeScript('mobile: terminateApp', [{ appId: bundleId || this.bundleId }]),
      { box: true },
    );
  }
}
exports.Device = Device;
