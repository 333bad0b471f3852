'use strict';
// not supported: there because the fork has it
exports.AWSDeviceFarmProvider = class AWSDeviceFarmProvider {
  async getDevice() {
    throw new Error('no account');
  }
};
