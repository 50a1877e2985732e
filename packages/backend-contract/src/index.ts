export { backendContract, type ContractCase } from './backend-contract.ts';
