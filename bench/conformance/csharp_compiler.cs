// Compiles one program after another in one process, since mcs takes longer to start than to compile.
// A line of arguments, parted by tabs, is answered with mcs's messages and a line "= " with 1 where it compiled.
using System;
using System.IO;
using System.Reflection;

static class Compiler {
	static void Main(string[] names) {
		MethodInfo compile = Assembly.LoadFrom(names[0])
			.GetType("Mono.CSharp.CompilerCallableEntryPoint", true)
			.GetMethod("InvokeCompiler", new[] { typeof(string[]), typeof(TextWriter) });
		TextWriter answers = Console.Out;
		Console.SetOut(TextWriter.Null);
		for (string line; (line = Console.In.ReadLine()) != null;) {
			var said = new StringWriter();
			object made = false;
			try {
				made = compile.Invoke(null, new object[] { line.Split('\t'), said });
			} catch (TargetInvocationException error) {
				said.WriteLine(error.InnerException);
			}
			answers.Write(said.ToString());
			answers.WriteLine("\n= " + ((bool) made ? 1 : 0));
			answers.Flush();
		}
	}
}
