export { backendContract, type ContractCase } from './backend-contract.ts';
export { deviceLossContract } from './device-loss-contract.ts';
