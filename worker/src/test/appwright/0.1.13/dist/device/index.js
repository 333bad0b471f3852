'use strict';
class Device {
  constructor(webdriverClient, bundleId, options, provider) {
    Object.assign(this, { webdriverClient, bundleId, options, provider });
  }

  async close() {
    await this.webdriverClient.deleteSession();
  }

  async texts() {
    return this.webdriverClient.findElements('-android uiautomator', 'textContains("")');
  }

  async terminateApp(bundleId) {
    await this.webdriverClient.executeScript('mobile: terminateApp', [{ appId: bundleId || this.bundleId }]);
  }
}
exports.Device = Device;
