'use strict';
// not supported: there because a package of that version has it
class LambdaTestDeviceProvider {
  async getDevice() {
    throw new Error('no account');
  }

  createConfig() {
    return { capabilities: {} };
  }
}
exports.LambdaTestDeviceProvider = LambdaTestDeviceProvider;
