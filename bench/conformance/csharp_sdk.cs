// A stand-in for Lambda and the SDK that prints which calls happen; it starts the handler.
namespace Amazon.Lambda.Core {
	public interface ILambdaContext {}
}
namespace Amazon.DynamoDBv2.Model {
	public class PutItemRequest { public string TableName { get; set; } }
	public class PutItemResponse {}
}
namespace Amazon.DynamoDBv2 {
	public class AmazonDynamoDBClient {
		public System.Threading.Tasks.Task<Model.PutItemResponse> PutItemAsync(Model.PutItemRequest request) {
			System.Console.Error.WriteLine("CONFORMANCE " + request.TableName + ";");
			return System.Threading.Tasks.Task.FromResult(new Model.PutItemResponse());
		}
	}
}
namespace Conformance {
	public static class Entry {
		public static void Main() { new Function().Handler("", null); }
	}
}
